package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// Partitions makes and drops the partitions of a table, one a month (UTC).
type Partitions struct {
	ensure          *sqlcheck.Query[partitionTimes, partitionRow]
	drop            *sqlcheck.Query[dropPartition, droppedRow]
	pool            *database.Pool
	waiting         *database.Pool // of the class Waiting
	maxDropAttempts int            // how often a drop is tried between the requests of others
}

// NewPartitions returns the partitions of the events in d.
func NewPartitions(d *Database) *Partitions {
	return newPartitions(d, eventPartitions, eventDropPartition)
}

// NewLogPartitions returns the partitions of the log in d.
func NewLogPartitions(d *Database) *Partitions {
	return newPartitions(d, logPartitions, logDropPartition)
}

func newPartitions(
	d *Database, ensure *sqlcheck.Query[partitionTimes, partitionRow], drop *sqlcheck.Query[dropPartition, droppedRow],
) *Partitions {
	return &Partitions{ensure: ensure, drop: drop, pool: d.pool, waiting: d.pool.For(database.Waiting), maxDropAttempts: 50}
}

type partitionTimes struct{ Times []time.Time }

type partitionRow struct {
	Calls int64 `db:"calls"`
}

var eventPartitions = sqlcheck.New(sqlcheck.Def[partitionTimes, partitionRow]{
	Name: "events.ensure_partitions",
	Build: func(p partitionTimes) sq.Sqlizer {
		return sq.Expr("SELECT count(*) AS calls FROM roster.ensure_event_partitions(?)", p.Times)
	},
})

var logPartitions = sqlcheck.New(sqlcheck.Def[partitionTimes, partitionRow]{
	Name: "log.ensure_partitions",
	Build: func(p partitionTimes) sq.Sqlizer {
		return sq.Expr("SELECT count(*) AS calls FROM roster.ensure_log_partitions(?)", p.Times)
	},
})

func ensurePartitions(ctx context.Context, pool *database.Pool, times []time.Time) error {
	return ensure(ctx, pool, eventPartitions, times)
}

func ensure(ctx context.Context, pool *database.Pool, how *sqlcheck.Query[partitionTimes, partitionRow], times []time.Time) error {
	_, err := database.Write(ctx, pool, func(db sqlcheck.DB) (partitionRow, error) {
		return how.One(ctx, db, partitionTimes{times})
	})
	return err
}

// Make makes the partition of the month of a time and of as many months ahead,
// where they are missing.
func (p *Partitions) Make(ctx context.Context, at time.Time, ahead int) error {
	times := make([]time.Time, ahead+1)
	for i := range times {
		times[i] = monthOf(at, i)
	}
	return ensure(ctx, p.pool, p.ensure, times)
}

// monthOf is the first instant of the month so many after that of a time.
func monthOf(at time.Time, ahead int) time.Time {
	year, month, _ := at.UTC().Date()
	return time.Date(year, month+time.Month(ahead), 1, 0, 0, 0, 0, time.UTC)
}

// months are the months in which events occurred.
func months(events []domain.Event) []time.Time {
	var all []time.Time
	seen := map[time.Time]bool{}
	for _, event := range events {
		first := monthOf(event.OccurredAt, 0)
		if !seen[first] {
			seen[first] = true
			all = append(all, first)
		}
	}
	return all
}

type dropPartition struct{ Before time.Time }

type droppedRow struct {
	Partition *string `db:"partition"`
}

var eventDropPartition = sqlcheck.New(sqlcheck.Def[dropPartition, droppedRow]{
	Name: "events.drop_partition",
	Build: func(p dropPartition) sq.Sqlizer {
		return sq.Select().Column(sq.Expr("roster.drop_event_partition(?) AS partition", p.Before))
	},
})

var logDropPartition = sqlcheck.New(sqlcheck.Def[dropPartition, droppedRow]{
	Name: "log.drop_partition",
	Build: func(p dropPartition) sq.Sqlizer {
		return sq.Select().Column(sq.Expr("roster.drop_log_partition(?) AS partition", p.Before))
	},
})

// maxDropPause bounds the growth of the pauses between attempts: to 128 ms.
const maxDropPause = 6

// Drop drops the oldest month if it ended by a time, and returns the name of its
// partition, or "". No request waits for it: while others use the table all the
// time, it gives up with an Unavailable error.
func (p *Partitions) Drop(ctx context.Context, before time.Time) (string, error) {
	for attempt := 1; ; attempt++ {
		row, err := p.drop.One(ctx, p.waiting.Session(), dropPartition{before})
		if err == nil && row.Partition != nil {
			return *row.Partition, nil
		}
		if err == nil || database.Code(err) != database.LockNotAvailable || attempt == p.maxDropAttempts ||
			!database.Pause(ctx, min(attempt, maxDropPause)) {
			return "", database.Translate(ctx, err)
		}
	}
}
