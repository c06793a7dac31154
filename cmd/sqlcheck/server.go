package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/roster-directory/roster/adapters/embedded"
)

// serverFor is the address of a server to make databases on: the given one, or
// else one that is started, and that stop ends without a trace.
func serverFor(ctx context.Context, given string) (address string, stop func() error, err error) {
	if given != "" {
		return given, func() error { return nil }, nil
	}
	dir, err := os.MkdirTemp("", "sqlcheck-")
	if err != nil {
		return "", nil, err
	}
	// Where root runs the command, another user runs the server.
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	server, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(dir, "data"), RuntimeDir: filepath.Join(dir, "run"),
		Volatile: true, Settings: map[string]string{"autovacuum": "off", "shared_buffers": "16MB"},
	})
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("%w: install PostgreSQL, or name a server with -database", err), os.RemoveAll(dir))
	}
	return server.URL("postgres"), func() error {
		return errors.Join(server.Stop(context.WithoutCancel(ctx)), os.RemoveAll(dir))
	}, nil
}
