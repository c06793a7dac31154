// Command sqlcheck checks the queries of a program, defined with the package
// sqlcheck, against the schema that its migrations make. Run it with "help" for
// its commands; docs/sqlcheck.md is its manual.
package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := tool.Main(ctx, os.Args[1:], os.Stdout, os.Stderr, start)
	stop()
	os.Exit(status)
}

// start starts a server that keeps nothing, and is fast for that.
func start(ctx context.Context, dir string) (tool.Server, error) {
	return embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(dir, "data"), RuntimeDir: filepath.Join(dir, "run"),
		Volatile: true, Settings: map[string]string{"autovacuum": "off", "shared_buffers": "16MB"},
	})
}
