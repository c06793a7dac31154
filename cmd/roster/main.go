// Roster is a user directory service on PostgreSQL. This command serves it, migrates
// its database, and imports and exports directories.
package main

import (
	"os"
	"os/signal"
	"syscall"
	// IANA's time zones, for reports on hosts without them.
	_ "time/tzdata"

	"github.com/roster-directory/roster/cmd/roster/systemd"
)

func main() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	stop := startProfile()
	environ := os.Environ()
	// The driver would read the first, beside DATABASE_URL; the others are for this process
	// alone.
	for _, name := range append([]string{"PGSERVICE"}, systemd.Variables()...) {
		_ = os.Unsetenv(name)
	}
	code := run(process{
		program: os.Args[0], args: os.Args[1:], environ: environ, signals: signals,
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
	})
	stop()
	os.Exit(code)
}
