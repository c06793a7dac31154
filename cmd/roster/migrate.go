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

// migrateConfig are the flags of the migrate commands.
type migrateConfig struct{ databaseFlags }

// Help implements runner.
func (*migrateConfig) Help() string {
	return `Several processes may migrate at the same time: one of them applies each
migration.

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

// Run applies the missing migrations.
func (c *migrateUp) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		steps, err := m.Up(ctx)
		for _, step := range steps {
			err = errors.Join(err, printStep(s.stdout, "applied", step))
		}
		if err == nil && len(steps) == 0 {
			err = printf(s.stdout, "nothing to apply: the schema is up to date\n")
		}
		if err != nil {
			return err
		}
		done, err := m.Restamp(ctx)
		if err == nil && done != (migrate.Restamped{}) {
			err = printf(s.stdout, "numbered the changes of %s and %s again: the database was restored from the dump of another server\n",
				counted(done.Users, "user"), counted(done.Tombstones, "erased user"))
		}
		return err
	})
}

// Run rolls back the newest migration.
func (c *migrateDown) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		step, err := m.Down(ctx)
		if err != nil {
			return err
		}
		return printStep(s.stdout, "rolled back", step)
	})
}

// Run rolls back the newest migration and applies it again.
func (c *migrateRedo) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		step, err := m.Redo(ctx)
		if err != nil {
			return err
		}
		return printStep(s.stdout, "rolled back and applied", step)
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

// withMigrator runs fn on the database.
func (s *session) withMigrator(ctx context.Context, config *migrateConfig, fn func(*migrate.Migrator) error) (err error) {
	location, err := s.locate(ctx, config.databaseFlags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(location.explain(ctx, err), location.close(s.force)) }()
	migrator, err := s.newMigrator(location.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, migrator.Close()) }()
	// An answer, which verify explains.
	if err := s.reach(ctx, migrator, location.url, config.Database); err != nil && !missesSomething(err) {
		return err
	}
	if err := fn(migrator); err != nil {
		return fmt.Errorf("%s: %w", settings.Redact(location.url), err)
	}
	return nil
}
