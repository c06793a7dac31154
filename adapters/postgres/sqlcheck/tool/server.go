package tool

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// server gives the address of a server to make databases on: that of -database,
// or else one that is started. stop ends that and removes its files.
func (o options) server(ctx context.Context, given string) (address string, stop func() error, err error) {
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
	server, err := o.start(ctx, dir)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("%w: install PostgreSQL, or name a server with -database", err), os.RemoveAll(dir))
	}
	return server.URL("postgres"), func() error {
		return errors.Join(server.Stop(context.WithoutCancel(ctx)), os.RemoveAll(dir))
	}, nil
}
