package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// databaseFlags are the flags of the commands that use a database.
type databaseFlags struct {
	Database settings.Database `group:"Database"`
	Embedded settings.Embedded `group:"Embedded PostgreSQL"`
}

// directory is an open database.
type directory struct {
	*postgres.Database
	location *location
}

// withDirectory runs fn on the database. With update it migrates the schema first;
// without, the schema must be up to date.
func (s *session) withDirectory(ctx context.Context, config databaseFlags, update bool, fn func(*postgres.Database) error) (err error) {
	directory, err := s.openDirectory(ctx, config, update)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(directory.location.explain(ctx, err), s.awaitGuests(ctx, directory.location), directory.close(s.force))
	}()
	if err := directory.Ready(ctx); err != nil {
		return err
	}
	return fn(directory.Database)
}

// openDirectory opens the database and waits until it answers. With update it
// migrates the schema. Then other commands may join the embedded server. Close the
// directory after use.
func (s *session) openDirectory(ctx context.Context, config databaseFlags, update bool) (*directory, error) {
	location, err := s.locate(ctx, config)
	if err != nil {
		return nil, err
	}
	database, err := s.openDatabase(ctx, location.url, config.Database, update)
	if err != nil {
		return nil, errors.Join(location.explain(ctx, err), location.close(s.force))
	}
	opened := &directory{database, location}
	if err := s.share(location); err != nil {
		return nil, errors.Join(err, opened.close(s.force))
	}
	return opened, nil
}

// close closes the connections and stops the embedded server. When ctx ends, the
// server quits at once.
func (d *directory) close(ctx context.Context) error {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		d.Database.Close()
	}()
	select {
	case <-closed:
		return d.location.close(ctx)
	case <-ctx.Done():
	}
	// Connections still in use end with the server or with the process.
	return errors.Join(fmt.Errorf("closing the connections to the database: %w", context.Cause(ctx)), d.location.close(ctx))
}

// openDatabase opens the database and waits until it answers. With update it migrates
// the schema first, over a connection that it closes before it opens others: the role
// may have few.
func (s *session) openDatabase(ctx context.Context, url string, config settings.Database, update bool) (*postgres.Database, error) {
	answered := false
	if update {
		var err error
		if answered, err = s.migrate(ctx, url, config); err != nil {
			return nil, s.explainSchema(ctx, url, err)
		}
	}
	options := poolConfig(url, config, s.component(logPostgres))
	options.BatchTimeout = s.batchTimeout
	database, err := postgres.Open(ctx, options)
	if err != nil {
		return nil, &usageError{fmt.Errorf("DATABASE_URL: %w", err)}
	}
	if !answered {
		err = s.await(ctx, url, config, database.Ready)
	}
	if errors.Is(err, postgres.ErrSchema) {
		s.log.WarnContext(ctx, "The database is not ready", "error", err)
		return database, nil
	}
	if err == nil {
		err = s.restamp(ctx, database, url, update)
	}
	if err != nil {
		database.Close()
		return nil, s.explainSchema(ctx, url, refusal(url, err))
	}
	return database, nil
}

// migrate waits for the database and migrates its schema. If the schema is up to
// date, it needs two statements. A run that failed for a reason that time ends is
// repeated. It reports whether the database is ready for the pool, too: a pooler may
// refuse what the pool needs.
func (s *session) migrate(ctx context.Context, url string, config settings.Database) (ready bool, err error) {
	migrator, err := s.newMigrator(url)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, migrator.Close()) }()
	var steps []migrate.Step
	err = s.await(ctx, url, config, func(ctx context.Context) error {
		done, err := migrator.Up(ctx)
		steps = append(steps, done...)
		return err
	})
	for _, step := range steps {
		took := step.Took.Round(time.Millisecond)
		s.component(logMigrate).InfoContext(ctx, "Migration applied", "migration", step.File, "took", took)
	}
	return !migrator.Pooled(), refusal(url, err)
}

// checkDatabase waits for the database of DATABASE_URL, so that a command that fails
// names all that is wrong. It changes nothing.
func (s *session) checkDatabase(ctx context.Context, config settings.Database) error {
	if config.URL == "" || config.Check() != nil {
		return config.Check()
	}
	return s.awaitDatabase(ctx, config.URL, config)
}

// awaitDatabase waits until the database answers. It changes nothing.
func (s *session) awaitDatabase(ctx context.Context, url string, config settings.Database) error {
	migrator, err := s.newMigrator(url)
	if err != nil {
		return err
	}
	return errors.Join(s.reach(ctx, migrator, url, config), migrator.Close())
}

func (s *session) newMigrator(url string) (*migrate.Migrator, error) {
	migrator, err := migrate.New(url, s.component(logMigrate))
	if err != nil {
		return nil, &usageError{fmt.Errorf("DATABASE_URL: %w", err)}
	}
	return migrator, nil
}

// reach waits until the database tells a migrator which migrations it has.
func (s *session) reach(ctx context.Context, migrator *migrate.Migrator, url string, config settings.Database) error {
	err := s.await(ctx, url, config, func(ctx context.Context) error {
		_, err := migrator.Status(ctx)
		return err
	})
	return refusal(url, err)
}

func poolConfig(url string, c settings.Database, log *slog.Logger) postgres.Config {
	return postgres.Config{
		URL: url, MaxConns: c.MaxConns, MinIdleConns: c.MinIdleConns,
		MaxConnIdleTime: c.MaxConnIdleTime, MaxConnLifetime: c.MaxConnLifetime,
		MaxConnLifetimeJitter: orNone(c.MaxConnLifetimeJitter), ConnectTimeout: c.ConnectTimeout,
		StatementTimeout: orNone(c.StatementTimeout), LockTimeout: orNone(c.LockTimeout),
		IdleInTransactionTimeout: orNone(c.IdleInTransactionTimeout), SlowQuery: orNone(c.SlowQuery),
		NoBatching: c.Coalesce == "off", Processors: c.Processors, Described: c.Statements == "described", Logger: log,
	}
}

// orNone converts a setting, in which 0 is no limit, to a field of postgres.Config,
// in which -1 is no limit and 0 the default.
func orNone(setting time.Duration) time.Duration {
	if setting == 0 {
		return -1
	}
	return setting
}
