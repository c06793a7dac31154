package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/adapters/embedded"
)

// location is the address of the database. Without a DATABASE_URL it is on an embedded
// server, which this process runs or has joined.
type location struct {
	url    string
	server *embedded.Server // nil unless this process runs it
	guest  *embedded.Guest  // nil unless another process runs it
}

// databaseName is the database on the embedded server.
const databaseName = "roster"

// locate returns the location of the database. If DATABASE_URL is not set, it starts
// the embedded server; commands other than serve join the server of the folder if
// another process runs it, and wait for one that is starting. serve waits for commands
// that run it.
func (s *session) locate(ctx context.Context, config databaseFlags) (*location, error) {
	if err := errors.Join(config.Database.Check(), config.Embedded.Check()); err != nil {
		return nil, &usageError{err}
	}
	if config.Database.URL != "" {
		return &location{url: config.Database.URL}, nil
	}
	open := embedded.StartOrJoin
	if s.serving {
		open = func(ctx context.Context, options embedded.Options) (*embedded.Server, *embedded.Guest, error) {
			server, err := embedded.StartWhenFree(ctx, options)
			return server, nil, err
		}
	}
	server, guest, err := open(ctx, embedded.Options{
		DataDir: config.Embedded.Data, CacheDir: config.Embedded.Cache, RuntimeDir: config.Embedded.Runtime,
		BinDir: config.Embedded.Bin, Repository: config.Embedded.Repository, User: config.Embedded.User, Listen: config.Embedded.Listen,
		Volatile: s.volatile, Logger: s.component(logEmbedded),
	})
	switch {
	case errors.Is(err, embedded.ErrInUse):
		return nil, fmt.Errorf("%w; or set DATABASE_URL to the database that it uses", err)
	case err != nil:
		return nil, err
	case guest != nil:
		return &location{url: guest.URL(databaseName), guest: guest}, nil
	}
	url, err := server.EnsureDatabase(ctx, databaseName)
	if err != nil {
		return nil, errors.Join(err, server.Stop(s.force))
	}
	return &location{url: url, server: server}, nil
}

// share lets other commands join the embedded server of this process.
func (s *session) share(l *location) error {
	if l.server == nil {
		return nil
	}
	return l.server.Share(!s.serving)
}

// ended is closed when the embedded server of this process has ended; it is nil if
// there is none.
func (l *location) ended() <-chan struct{} {
	if l.server == nil {
		return nil
	}
	return l.server.Done()
}

// explain adds to the error of a command that the embedded server of another process
// has ended meanwhile.
func (l *location) explain(ctx context.Context, err error) error {
	if err == nil || l.guest == nil || ctx.Err() != nil || l.guest.Answers(ctx) {
		return err
	}
	return fmt.Errorf("process %d, whose embedded PostgreSQL this command used, has stopped it: run the command again: %w",
		l.guest.Host(), err)
}

// awaitGuests waits for the commands that have joined the embedded server of this
// process, or until ctx ends.
func (s *session) awaitGuests(ctx context.Context, l *location) error {
	if l.server == nil {
		return nil
	}
	silent := time.AfterFunc(silentWait, func() {
		s.log.WarnContext(ctx, "Waiting for other commands that use the embedded PostgreSQL of this one")
	})
	defer silent.Stop()
	if err := l.server.AwaitGuests(ctx); ctx.Err() == nil {
		return err
	}
	return nil // told to stop
}

// close stops the embedded server of this process; when ctx ends, the server quits at
// once. A server of another process runs on.
func (l *location) close(ctx context.Context) error {
	if l.guest != nil {
		l.guest.Leave()
	}
	if l.server == nil {
		return nil
	}
	return l.server.Stop(ctx)
}
