package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
)

// place is where the database is: the one that is set, or that of a server that
// was started for this command.
type place struct {
	url    string
	server *embedded.Server // nil where a DATABASE_URL is set
}

// databaseName is the database on Roster's own server.
const databaseName = "roster"

// locate returns where the database is. It starts a server where none is set.
func (s *session) locate(ctx context.Context, database settings.Database, own settings.Embedded) (*place, error) {
	if err := errors.Join(database.Check(), own.Check()); err != nil {
		return nil, &misuseError{err}
	}
	if database.URL != "" {
		return &place{url: database.URL}, nil
	}
	server, err := embedded.Start(ctx, embedded.Options{
		DataDir: own.Data, CacheDir: own.Cache, RuntimeDir: own.Runtime,
		BinDir: own.Bin, Repository: own.Repository, Listen: own.Listen,
		Logger: s.component(logEmbedded),
	})
	if errors.Is(err, embedded.ErrInUse) {
		return nil, fmt.Errorf("%w; or set DATABASE_URL to the database that it uses", err)
	}
	if err != nil {
		return nil, err
	}
	url, err := server.EnsureDatabase(ctx, databaseName)
	if err != nil {
		return nil, errors.Join(err, server.Stop(s.force))
	}
	return &place{url: url, server: server}, nil
}

// ended is closed when Roster's own server has ended; nil for another's.
func (p *place) ended() <-chan struct{} {
	if p.server == nil {
		return nil
	}
	return p.server.Done()
}

// leave stops Roster's own server, by force when ctx ends.
func (p *place) leave(ctx context.Context) error {
	if p.server == nil {
		return nil
	}
	return p.server.Stop(ctx)
}

// directory is an open database.
type directory struct {
	*postgres.Database
	place *place
}

// openDirectory finds and opens the database, and waits until it answers. Where
// update is set, it brings the schema up to date. Close it after use.
func (s *session) openDirectory(ctx context.Context, database settings.Database, own settings.Embedded, update bool) (*directory, error) {
	place, err := s.locate(ctx, database, own)
	if err != nil {
		return nil, err
	}
	opened, err := s.openDatabase(ctx, place.url, database, update)
	if err != nil {
		return nil, errors.Join(err, place.leave(s.force))
	}
	return &directory{opened, place}, nil
}

// close ends the connections and stops Roster's own server, by force when ctx
// ends.
func (d *directory) close(ctx context.Context) error {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		d.Database.Close()
	}()
	select {
	case <-closed:
		return d.place.leave(ctx)
	case <-ctx.Done():
	}
	// Whoever holds a connection loses it with the server, or with the process.
	return errors.Join(fmt.Errorf("closing the connections to the database: %w", context.Cause(ctx)), d.place.leave(ctx))
}

func (s *session) openDatabase(ctx context.Context, url string, config settings.Database, update bool) (*postgres.Database, error) {
	database, err := postgres.Open(ctx, poolConfig(url, config, s.component(logPostgres)))
	if err != nil {
		return nil, &misuseError{fmt.Errorf("DATABASE_URL: %w", err)}
	}
	if err := s.prepare(ctx, database, url, config.Wait, update); err != nil {
		database.Close()
		return nil, err
	}
	return database, nil
}

// prepare waits for the database and brings its schema up to date. Where the
// schema is, that is known after one statement.
func (s *session) prepare(ctx context.Context, database *postgres.Database, url string, wait time.Duration, update bool) error {
	err := s.await(ctx, database, url, wait)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, domain.Unavailable) || ctx.Err() != nil:
		return err
	case !update:
		s.log.WarnContext(ctx, "The database is not ready", "error", err)
		return nil
	}
	migrator, err := migrate.New(url, s.component(logMigrate))
	if err != nil {
		return err
	}
	steps, err := migrator.Up(ctx)
	for _, step := range steps {
		s.component(logMigrate).InfoContext(ctx, "Applied", "migration", step.File, "took", step.Took.Round(time.Millisecond))
	}
	return errors.Join(err, migrator.Close())
}

// retryPause is how long to leave a database alone that did not answer.
const retryPause = 200 * time.Millisecond

// await returns what Ready says as soon as the database answers. Its error is
// Unavailable when that takes too long, or won't happen.
func (s *session) await(ctx context.Context, database *postgres.Database, url string, wait time.Duration) error {
	patience, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for attempt := 0; ; attempt++ {
		err := database.Ready(ctx)
		if !errors.Is(err, domain.Unavailable) {
			return err
		}
		if attempt == 0 && patience.Err() == nil && !refused(err) {
			s.log.WarnContext(ctx, "Waiting for the database", slog.String("database", settings.Redact(url)), slog.Any("error", err))
		}
		pause(patience)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if refused(err) {
			return fmt.Errorf("the database %s refuses: check user, password and name of the database: %w", settings.Redact(url), err)
		}
		if patience.Err() != nil {
			return fmt.Errorf("the database %s did not answer within %s: check that PostgreSQL runs there and DATABASE_URL names it: %w", settings.Redact(url), wait, err)
		}
	}
}

func pause(ctx context.Context) {
	select {
	case <-time.After(retryPause):
	case <-ctx.Done():
	}
}

// refused reports whether the server said that it won't let this client in, so
// that there is nothing to wait for.
func refused(err error) bool {
	state, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err)
	return ok && (strings.HasPrefix(state.SQLState(), "28") || state.SQLState() == "3D000")
}

func poolConfig(url string, c settings.Database, log *slog.Logger) postgres.Config {
	return postgres.Config{
		URL: url, MaxConns: c.MaxConns, MinIdleConns: c.MinIdleConns,
		MaxConnIdleTime: c.MaxConnIdleTime, MaxConnLifetime: c.MaxConnLifetime, MaxConnLifetimeJitter: orNone(c.MaxConnLifetimeJitter),
		ConnectTimeout: c.ConnectTimeout, StatementTimeout: orNone(c.StatementTimeout),
		LockTimeout: orNone(c.LockTimeout), IdleInTransactionTimeout: orNone(c.IdleInTransactionTimeout), SlowQuery: orNone(c.SlowQuery),
		NoBatching: c.Coalesce == "off", Logger: log,
	}
}

// orNone is the limit that a setting means, in which 0 is none: the zero value of
// a field of postgres.Config is its default.
func orNone(setting time.Duration) time.Duration {
	if setting == 0 {
		return -1
	}
	return setting
}
