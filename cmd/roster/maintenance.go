package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
)

const (
	// maintenancePause is the pause between two rounds, maintenanceRetry the pause
	// after a round that failed.
	maintenancePause = time.Hour
	maintenanceRetry = time.Minute
	// monthsAhead is the number of months after the current one with a partition.
	monthsAhead = 3
)

// maintenance makes the partitions of the next months, and drops those of months
// past the retention.
type maintenance struct {
	tables []monthly
	log    *slog.Logger
	now    func() time.Time
}

// monthly is a table with a partition for each month.
type monthly struct {
	of         string // what the table holds, for people
	partitions *postgres.Partitions
	// keep is how many whole months are kept besides the current one; 0 keeps all.
	keep int
}

// start runs rounds in the background. The returned function ends them and waits
// for the last one.
func (m *maintenance) start(ctx context.Context) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		for ctx.Err() == nil {
			wait := maintenancePause
			if err := m.round(ctx); err != nil && ctx.Err() == nil {
				m.log.WarnContext(ctx, "Maintenance failed and will be retried", "error", err, "in", maintenanceRetry)
				wait = maintenanceRetry
			}
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
		}
	})
}

// round makes and drops the partitions that are due. A table that fails keeps no other
// from its round.
func (m *maintenance) round(ctx context.Context) error {
	errs := make([]error, len(m.tables))
	for i, table := range m.tables {
		errs[i] = m.roundOf(ctx, table)
	}
	return errors.Join(errs...)
}

func (m *maintenance) roundOf(ctx context.Context, table monthly) error {
	now := m.now().UTC()
	if err := table.partitions.Make(ctx, now, monthsAhead); err != nil {
		return err
	}
	if table.keep == 0 {
		return nil
	}
	before := time.Date(now.Year(), now.Month()-time.Month(table.keep), 1, 0, 0, 0, 0, time.UTC)
	for {
		dropped, err := table.partitions.Drop(ctx, before)
		if err != nil || dropped == "" {
			return err
		}
		m.log.InfoContext(ctx, "Dropped a month of "+table.of, "partition", dropped, "keep", table.keep)
	}
}
