package tool

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
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

// onScratch makes a database with the schema of the migrations, which is dropped
// after do.
func (s *service) onScratch(ctx context.Context, do func(server, url string) error) error {
	return s.onScratchOf(ctx, s.source(), do)
}

func (o options) onScratchOf(ctx context.Context, source schema.Source, do func(server, url string) error) (err error) {
	server, stop, err := o.server(ctx, o.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	database, err := schema.NewScratch(ctx, server, source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Drop(context.WithoutCancel(ctx))) }()
	return do(server, database.URL)
}
