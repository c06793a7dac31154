package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// engagementConfig is what the commands heed that look after the sums of the
// engagement report.
type engagementConfig struct {
	Database settings.Database `embed:"" group:"Database"`
	Embedded settings.Embedded `embed:"" group:"Embedded PostgreSQL"`
}

// Help implements helper.
func (*engagementConfig) Help() string {
	return `The database keeps the sums right by itself, whoever writes. What only its owner can do may leave them wrong: triggers that are disabled, rows written to a partition itself, a restore without them.

Examples:

	roster engagement check
	DATABASE_URL=postgres://owner@host/roster roster engagement rebuild`
}

type (
	engagementCheck   struct{ *engagementConfig }
	engagementRebuild struct{ *engagementConfig }
)

// Run checks.
func (c *engagementCheck) Run(ctx context.Context, s *session) error {
	return s.withEvents(ctx, c.engagementConfig, func(events *postgres.Events) error {
		faults, err := events.CheckEngagement(ctx)
		if err != nil {
			return err
		}
		for _, fault := range faults {
			if err := printf(s.stdout, "organization %s: %s\n", fault.Organization, fault.Detail); err != nil {
				return err
			}
		}
		if len(faults) > 0 {
			return fmt.Errorf("%d sums are wrong: see what bypassed the triggers, then run roster engagement rebuild", len(faults))
		}
		return printf(s.stdout, "the sums are right\n")
	})
}

// Run rebuilds.
func (c *engagementRebuild) Run(ctx context.Context, s *session) error {
	return s.withEvents(ctx, c.engagementConfig, func(events *postgres.Events) error {
		organizations, err := events.RebuildEngagement(ctx)
		if err != nil {
			return err
		}
		return printf(s.stdout, "summed the events of %d organizations anew\n", organizations)
	})
}

// withEvents runs fn on the database, for as long as it takes.
func (s *session) withEvents(ctx context.Context, config *engagementConfig, fn func(*postgres.Events) error) (err error) {
	config.Database.SlowQuery, config.Database.StatementTimeout, config.Database.LockTimeout = 0, 0, 0
	directory, err := s.openDirectory(ctx, config.Database, config.Embedded, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, directory.close(s.force)) }()
	if err := directory.Ready(ctx); err != nil {
		return err
	}
	return fn(postgres.NewEvents(directory.Database))
}
