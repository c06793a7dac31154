//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/embedded"
)

// bench is a directory on its own PostgreSQL server, and a Roster that serves it.
type bench struct {
	program  string
	folder   string
	env      []string // Roster's, besides this process's
	database string   // its address
	url      string   // Roster's
	conn     *pgx.Conn
	closers  []func() error
}

// open starts PostgreSQL, imports a data set and serves it. fill writes the data set
// to a folder.
func open(
	ctx context.Context, program string, fill func(ctx context.Context, folder string) error, env ...string,
) (_ *bench, err error) {
	b := &bench{program: program, env: env}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if b.folder, err = os.MkdirTemp("", "roster-bench-"); err != nil {
		return nil, err
	}
	b.closers = append(b.closers, func() error { return os.RemoveAll(b.folder) })
	if err := os.Chmod(b.folder, 0o755); err != nil { // PostgreSQL does not run as root
		return nil, err
	}
	if err := b.startPostgres(ctx); err != nil {
		return nil, err
	}
	data := filepath.Join(b.folder, "set")
	if err := fill(ctx, data); err != nil {
		return nil, err
	}
	if err := b.run(ctx, "migrate", "up"); err != nil {
		return nil, err
	}
	start := time.Now()
	if err := b.run(ctx, "import", data); err != nil {
		return nil, err
	}
	note("imported in %s", time.Since(start).Round(time.Second))
	if _, err := b.conn.Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return nil, err
	}
	return b, b.serve(ctx)
}

func (b *bench) startPostgres(ctx context.Context) error {
	server, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(b.folder, "data"), RuntimeDir: filepath.Join(b.folder, "run"),
		Settings: map[string]string{"shared_buffers": "1GB", "work_mem": "16MB", "random_page_cost": "1.1", "max_wal_size": "4GB"},
	})
	if err != nil {
		return err
	}
	b.closers = append(b.closers, func() error { return server.Stop(context.WithoutCancel(ctx)) })
	if b.database, err = server.EnsureDatabase(ctx, "roster"); err != nil {
		return err
	}
	if b.conn, err = pgx.Connect(ctx, b.database); err != nil {
		return err
	}
	b.closers = append(b.closers, func() error { return b.conn.Close(context.WithoutCancel(ctx)) })
	return nil
}

func (b *bench) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, b.program, args...)
	command.Env = append(os.Environ(), "DATABASE_URL="+b.database, "PORT=0", "ROSTER_LOG_FORMAT=json", "ROSTER_LINGER=0s")
	command.Env = append(command.Env, b.env...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	return command
}

func (b *bench) run(ctx context.Context, args ...string) error {
	if out, err := b.command(ctx, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("roster %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// serve starts Roster and waits until it logs its address.
func (b *bench) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	server := b.command(ctx, "serve")
	log, err := server.StderrPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		cancel()
		return err
	}
	b.closers = append(b.closers, func() error {
		cancel()
		err := server.Wait()
		if ctx.Err() != nil && server.ProcessState.ExitCode() == 0 {
			return nil
		}
		return err
	})
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ URL string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.URL != "" {
			b.url = line.URL
			go func() {
				for lines.Scan() { // so that Roster never blocks on its log
				}
			}()
			return nil
		}
	}
	return fmt.Errorf("roster serve ended: %w", errors.Join(lines.Err(), server.Wait()))
}

// close calls the closers, the last first.
func (b *bench) close() error {
	var all error
	for i := len(b.closers) - 1; i >= 0; i-- {
		all = errors.Join(all, b.closers[i]())
	}
	return all
}

// number returns the only value of a statement.
func (b *bench) number(ctx context.Context, statement string, args ...any) (n float64, err error) {
	return n, b.conn.QueryRow(ctx, statement, args...).Scan(&n)
}

func note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}
