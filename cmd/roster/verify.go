package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// migrateVerify compares the schema of a database with the expected one.
type migrateVerify struct {
	*migrateConfig
	ServingRole string `placeholder:"ROLE" help:"Role whose rights are looked at. Default: that of DATABASE_URL."`
	JSON        bool   `name:"json" help:"Print a JSON object a line, with severity, object, problem and fix."`
}

// Help implements runner.
func (*migrateVerify) Help() string {
	return `The schema is compared with the one that the migrations make: tables, columns,
constraints, indexes, triggers, functions, owners, and the rights of the role that
serves. Each difference is printed with the statements that remove it, in an order in
which they work. The owner of the schema runs them, each outside of a transaction.
Nothing is changed.

    fails    statements of Roster fail, and roster serve does not start
    unsafe   a rule is not kept any more, and roster serve does not start
    warning  requests are answered correctly, perhaps slowly

The exit code is 1 if there are differences.

Examples:

	DATABASE_URL=postgres://owner@host/roster roster migrate verify --serving-role roster_serve
	roster migrate verify --json | jq -r '.fix[]' | psql postgres://owner@host/roster`
}

// Run prints the differences.
func (c *migrateVerify) Run(ctx context.Context, s *session) error {
	return s.withMigrator(ctx, c.migrateConfig, func(m *migrate.Migrator) error {
		report, err := m.Verify(ctx, c.ServingRole)
		if err != nil {
			return err
		}
		for _, difference := range report.Differences {
			if err := c.print(s, difference); err != nil {
				return err
			}
		}
		if n := len(report.Differences); n > 0 {
			return fmt.Errorf("the schema is not the expected one: %s", counted(int64(n), "difference"))
		}
		if c.JSON {
			return nil
		}
		if report.Version > report.Expected {
			return printf(s.stdout, "the schema is at %05d, newer than this Roster, and has all that it needs\n", report.Version)
		}
		return printf(s.stdout, "the schema is the expected one, at %05d, with the rights of %s\n", report.Version, report.Role)
	})
}

func (c *migrateVerify) print(s *session, d schema.Difference) error {
	if c.JSON {
		encoder := json.NewEncoder(s.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(d)
	}
	return printf(s.stdout, "%s: %s\n    %s\n", d.Severity, d, strings.ReplaceAll(strings.Join(d.Fix, "\n"), "\n", "\n    "))
}
