package main

import (
	"context"
	"fmt"

	"github.com/roster-directory/roster/adapters/postgres"
)

// engagementConfig are the flags of the commands for the rollups of the engagement
// report.
type engagementConfig struct{ databaseFlags }

// Help implements helper.
func (*engagementConfig) Help() string {
	return `Triggers keep the rollups right for every writer. Only the owner of the database
can make them wrong: by disabling the triggers, by writing to a partition directly, or
by restoring data without triggers.

Examples:

	roster engagement check
	DATABASE_URL=postgres://owner@host/roster roster engagement rebuild`
}

type (
	engagementCheck   struct{ *engagementConfig }
	engagementRebuild struct{ *engagementConfig }
)

// Run compares the rollups with the events.
func (c *engagementCheck) Run(ctx context.Context, s *session) error {
	return s.withRollups(ctx, c.engagementConfig, func(rollups *postgres.Rollups) error {
		faults, err := rollups.Check(ctx)
		if err != nil {
			return err
		}
		for _, fault := range faults {
			if err := printf(s.stdout, "organization %s: %s\n", fault.Organization, fault.Detail); err != nil {
				return err
			}
		}
		if len(faults) > 0 {
			return fmt.Errorf("%d rollups are wrong: find what bypassed the triggers, then run roster engagement rebuild", len(faults))
		}
		return printf(s.stdout, "the rollups are right\n")
	})
}

// Run rebuilds the rollups.
func (c *engagementRebuild) Run(ctx context.Context, s *session) error {
	return s.withRollups(ctx, c.engagementConfig, func(rollups *postgres.Rollups) error {
		organizations, err := rollups.Rebuild(ctx)
		if err != nil {
			return err
		}
		return printf(s.stdout, "rebuilt the rollups of %d organizations\n", organizations)
	})
}

// withRollups runs fn without time limits.
func (s *session) withRollups(ctx context.Context, config *engagementConfig, fn func(*postgres.Rollups) error) error {
	config.Database.SlowQuery, config.Database.StatementTimeout, config.Database.LockTimeout = 0, 0, 0
	return s.withDirectory(ctx, config.databaseFlags, false, func(database *postgres.Database) error {
		return fn(postgres.NewRollups(database))
	})
}
