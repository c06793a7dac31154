package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// MakePartitions makes the partitions of the month (UTC) in which at lies and
// of as many after it as ahead says, where they are missing.
func (s *Events) MakePartitions(ctx context.Context, at time.Time, ahead int) error {
	times := make([]time.Time, ahead+1)
	for i := range times {
		times[i] = monthOf(at, i)
	}
	return s.d.makePartitions(ctx, times)
}

// monthOf is the first instant of the month (UTC) so many after that of a time.
func monthOf(at time.Time, ahead int) time.Time {
	year, month, _ := at.UTC().Date()
	return time.Date(year, month+time.Month(ahead), 1, 0, 0, 0, 0, time.UTC)
}

func (d *Database) makePartitions(ctx context.Context, times []time.Time) error {
	_, err := write(ctx, d, func(db sqlcheck.DB) (partitionRow, error) {
		return eventPartitions.One(ctx, db, partitionTimes{times})
	})
	return err
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

// mostDropAttempts is how often a month is tried to be dropped between the
// requests of others.
const mostDropAttempts = 50

// mostPauses bounds how the pauses between attempts grow: to 128 ms.
const mostPauses = 6

// DropPartition drops the oldest month of events if it ended by a time, and
// returns the name of its partition, or "". Nobody waits for it: where others
// use the events all the while, it gives up. The error is then Unavailable.
func (s *Events) DropPartition(ctx context.Context, before time.Time) (string, error) {
	for attempt := 1; ; attempt++ {
		row, err := eventDropPartition.One(ctx, s.d.db, dropPartition{before})
		if err == nil && row.Partition != nil {
			return *row.Partition, nil
		}
		if err == nil || code(err) != lockNotAvailable || attempt == mostDropAttempts || !pause(ctx, min(attempt, mostPauses)) {
			return "", translate(ctx, err)
		}
	}
}
