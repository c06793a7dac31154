package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// migrateConfig is what the commands that bring the schema up or down heed.
type migrateConfig struct {
	Database settings.Database `embed:"" group:"Database"`
	Embedded settings.Embedded `embed:"" group:"Embedded PostgreSQL"`
}

// Help implements runner.
func (*migrateConfig) Help() string {
	return `Several may run at once: each migration is applied by one of them.

Examples:

	DATABASE_URL=postgres://user@host/roster roster migrate up
	roster migrate status --database-url postgres://user@host/roster`
}

type (
	migrateUp     struct{ *migrateConfig }
	migrateDown   struct{ *migrateConfig }
	migrateRedo   struct{ *migrateConfig }
	migrateStatus struct{ *migrateConfig }
)

// Run applies what is missing.
func (c *migrateUp) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		steps, err := m.Up(ctx)
		for _, step := range steps {
			err = errors.Join(err, printStep(s.stdout, "applied", step))
		}
		if err == nil && len(steps) == 0 {
			return printf(s.stdout, "nothing to apply: the schema is up to date\n")
		}
		return err
	})
}

// Run takes the newest back.
func (c *migrateDown) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		step, err := m.Down(ctx)
		if err != nil {
			return err
		}
		return printStep(s.stdout, "took back", step)
	})
}

// Run takes the newest back and applies it again.
func (c *migrateRedo) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		step, err := m.Redo(ctx)
		if err != nil {
			return err
		}
		return printStep(s.stdout, "took back and applied", step)
	})
}

// Run lists the migrations.
func (c *migrateStatus) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		states, err := m.Status(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
		for _, state := range states {
			if err := printf(table, "%05d\t%s\t%s\n", state.Version, describeFile(state), describeState(state)); err != nil {
				return err
			}
		}
		return table.Flush()
	})
}

func describeFile(state migrate.State) string {
	if state.File == "" {
		return "(of a newer Roster)"
	}
	return state.File
}

func describeState(state migrate.State) string {
	if !state.Applied {
		return "not applied"
	}
	return "applied " + state.AppliedAt.Format(time.RFC3339)
}

func printStep(w io.Writer, what string, step migrate.Step) error {
	return printf(w, "%s %s in %s\n", what, step.File, step.Took.Round(time.Millisecond))
}

// withMigrator runs fn on the database, on Roster's own server where none is
// set.
func (s *session) withMigrator(ctx context.Context, config *migrateConfig, fn func(*migrate.Migrator) error) (err error) {
	place, err := s.locate(ctx, config.Database, config.Embedded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.leave(s.force)) }()
	migrator, err := migrate.New(place.url, s.component(logMigrate))
	if err != nil {
		return &misuseError{fmt.Errorf("DATABASE_URL: %w", err)}
	}
	defer func() { err = errors.Join(err, migrator.Close()) }()
	if err := fn(migrator); err != nil {
		return fmt.Errorf("%s: %w", settings.Redact(place.url), err)
	}
	return nil
}
