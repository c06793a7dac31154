package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// serveCommand serves the directory.
type serveCommand struct{ settings.Config }

// Help implements runner.
func (serveCommand) Help() string {
	return `Without a DATABASE_URL, Roster starts a PostgreSQL server of its own and keeps its data. SIGTERM and SIGINT end it: /readyz fails, requests under way are finished, then everything is closed. A second signal ends it at once.

Examples:

	roster serve
	roster serve --addr 127.0.0.1:8080 --log info,postgres=debug
	DATABASE_URL=postgres://user@host/roster roster serve --no-migrate`
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, s *session) (err error) {
	if err := c.Check(); err != nil {
		return &misuseError{err}
	}
	s.serving = true
	// First, since a port that is taken is known at once.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTP.Address())
	if err != nil {
		return fmt.Errorf("ROSTER_ADDR: %w: stop what listens there, or set another address", err)
	}
	defer func() { _ = listener.Close() }() // the server has closed it, or never got it
	directory, err := s.openDirectory(ctx, c.Database, c.Embedded, c.HTTP.Migrate)
	if stopped(ctx, err) {
		return nil
	}
	if err != nil {
		return err
	}
	heedMemory(ctx, memlimit.FromCgroup, directory.place.server != nil, s.log)
	end := newEnding(ctx, s.force, c.HTTP.Shutdown)
	defer func() {
		deadline, cancel := end.closing()
		defer cancel()
		err = errors.Join(err, directory.close(deadline))
	}()
	maintenance := maintenance{
		partitions: postgres.NewPartitions(directory.Database), log: s.component(logPostgres), keep: c.Events.Keep, now: time.Now,
	}
	defer maintenance.start(ctx)()
	edge, err := newEdge(directory.Database, s.restOptions(c.HTTP, directory.Database))
	if err != nil {
		return &misuseError{fmt.Errorf("ROSTER_CORS, ROSTER_HOSTS: %w", err)}
	}
	server := newServer(c.HTTP, edge, s.component(logHTTP))
	s.announce(ctx, listener.Addr(), c.HTTP.Insecure)
	return server.serve(ctx, listener, directory.place.ended(), end)
}

func (s *session) announce(ctx context.Context, address net.Addr, insecure bool) {
	if insecure {
		s.log.WarnContext(ctx, "ROSTER_INSECURE=yes: everybody who reaches the address is an administrator", "address", address.String())
	}
	s.log.InfoContext(ctx, "Roster serves", "url", "http://"+address.String())
}

// stopped reports whether err is but the end that a signal asked for.
func stopped(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx)))
}

// ending says how long each part of the end may take.
type ending struct {
	force    context.Context
	shutdown time.Duration
	began    func() time.Time
}

// newEnding counts the time of the end from the moment at which ctx ends.
func newEnding(ctx, force context.Context, shutdown time.Duration) *ending {
	var at time.Time
	began := make(chan struct{})
	context.AfterFunc(ctx, func() {
		at = time.Now()
		close(began)
	})
	return &ending{force: force, shutdown: shutdown, began: func() time.Time {
		if ctx.Err() == nil {
			return time.Now() // it ends for another reason than ctx
		}
		<-began
		return at
	}}
}

// draining bounds the end of requests; a fifth of the time is left for closing.
func (e *ending) draining() (context.Context, context.CancelFunc) {
	return context.WithDeadline(e.force, e.began().Add(e.shutdown*4/5))
}

// closing bounds the end of everything.
func (e *ending) closing() (context.Context, context.CancelFunc) {
	return context.WithDeadline(e.force, e.began().Add(e.shutdown))
}
