package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

const partitionNames = `SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text)
	FROM pg_inherits WHERE inhparent = 'roster.events'::regclass`

func TestPartitionsAreMadeAhead(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	for range 2 {
		if err := postgres.NewPartitions(d).Make(t.Context(), time.Date(2025, 11, 30, 23, 0, 0, 0, time.UTC), 2); err != nil {
			t.Fatal(err)
		}
	}
	if got := pgtest.Scalar[string](t, c, partitionNames); got != "roster.events_2025_11 roster.events_2025_12 roster.events_2026_01" {
		t.Errorf("the partitions are %s", got)
	}
}

// threeMonths has an event at the end of each month of the first quarter of 2024.
func threeMonths(t *testing.T) (testdb.Crowd, *postgres.Partitions) {
	t.Helper()
	c := testdb.NewCrowd(t, 1, 1)
	var batch []domain.Event
	for i := range 3 {
		end := testdb.Begin.AddDate(0, i-1, 0).Add(-time.Microsecond)
		batch = append(batch, newEvent(t, i, c.Organizations[0], c.Owners[0].ID, end))
	}
	if _, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: batch}); err != nil {
		t.Fatal(err)
	}
	return c, postgres.NewPartitions(c.DB)
}

func TestMonthsOfEventsAreDroppedWithTheirRollups(t *testing.T) {
	t.Parallel()
	c, partitions := threeMonths(t)
	for _, each := range []struct {
		before        time.Time
		dropped, left string
	}{
		{time.Date(2024, 1, 31, 23, 59, 0, 0, time.UTC), "", "roster.events_2024_01 roster.events_2024_02 roster.events_2024_03"},
		{time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), "events_2024_01", "roster.events_2024_02 roster.events_2024_03"},
		{time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), "events_2024_02", "roster.events_2024_03"},
		{time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), "", "roster.events_2024_03"},
	} {
		dropped, err := partitions.Drop(t.Context(), each.before)
		if err != nil || dropped != each.dropped {
			t.Errorf("dropped %q, %v; want %q", dropped, err, each.dropped)
		}
		if got := pgtest.Scalar[string](t, c.Conn, partitionNames); got != each.left {
			t.Errorf("the partitions left are %s, not %s", got, each.left)
		}
		wantRollups(t, c.Conn)
	}
	late := newEvent(t, 9, c.Organizations[0], c.Owners[0].ID, time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC))
	got, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{late}})
	if err != nil || got[0] != ports.Accepted {
		t.Errorf("a late event: %v, %v", got, err)
	}
	wantRollups(t, c.Conn)
}

// Drop takes its locks without waiting, so that no request waits behind it.
func TestNoRequestWaitsForAMonthToBeDropped(t *testing.T) {
	t.Parallel()
	c, partitions := threeMonths(t)
	postgres.DropAttempts(partitions, 12)
	reader := pgtest.Begin(t, c.URL, "SELECT count(*) FROM roster.events")
	tried := make(chan error, 1)
	go func() {
		_, err := partitions.Drop(t.Context(), testdb.Begin)
		tried <- err
	}()
	pgtest.Execute(t, c.Conn, "SET lock_timeout = '50ms'") // it would wait for as long as the reader reads
	for i := 0; ; i++ {
		pgtest.Execute(t, c.Conn, "SELECT count(*) FROM roster.events")
		event := newEvent(t, 100+i, c.Organizations[0], c.Owners[0].ID, testdb.Begin)
		if _, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); err != nil {
			t.Error(err)
		}
		select {
		case err := <-tried:
			if !errors.Is(err, domain.Unavailable) {
				t.Errorf("Drop of a month that is read: %v", err)
			}
			if err := reader.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if dropped, err := partitions.Drop(t.Context(), testdb.Begin); err != nil || dropped != "events_2024_01" {
				t.Errorf("then Drop has dropped %q, %v", dropped, err)
			}
			return
		default:
		}
	}
}
