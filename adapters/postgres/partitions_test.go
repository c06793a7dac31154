package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const partitionNames = "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'roster.events'::regclass"

func TestPartitionsAreMadeAhead(t *testing.T) {
	c := testdb.NewCrowd(t, 0, 0)
	for range 2 {
		if err := postgres.NewPartitions(c.DB).Make(t.Context(), time.Date(2025, 11, 30, 23, 0, 0, 0, time.UTC), 2); err != nil {
			t.Fatal(err)
		}
	}
	if got := watch(t, c.URL, partitionNames); got != "roster.events_2025_11 roster.events_2025_12 roster.events_2026_01" {
		t.Errorf("the partitions are %s", got)
	}
}

// threeMonths has an event at the end of each month of the first quarter of 2024.
func threeMonths(t *testing.T) (testdb.Crowd, *postgres.Partitions) {
	t.Helper()
	c := testdb.NewCrowd(t, 1, 1)
	events := postgres.NewEvents(c.DB)
	var batch []domain.Event
	for i := range 3 {
		batch = append(batch, newEvent(t, i, c.Organizations[0], c.Owners[0].ID, testdb.Begin.AddDate(0, i-1, 0).Add(-time.Microsecond)))
	}
	if _, err := events.AddEvents(t.Context(), ports.AddEvents{Events: batch}); err != nil {
		t.Fatal(err)
	}
	return c, postgres.NewPartitions(c.DB)
}

func TestMonthsOfEventsAreDroppedWithTheirSums(t *testing.T) {
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
		if got := watch(t, c.URL, partitionNames); got != each.left {
			t.Errorf("left are %s, not %s", got, each.left)
		}
		rollupsAreRight(t, pgtest.Connect(t, c.URL))
	}
	late := newEvent(t, 9, c.Organizations[0], c.Owners[0].ID, time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC))
	if got, err := postgres.NewEvents(c.DB).AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{late}}); err != nil || got[0] != ports.Accepted {
		t.Errorf("a late event: %v, %v", got, err)
	}
	rollupsAreRight(t, pgtest.Connect(t, c.URL))
}

// A month that is in use stays, and whoever comes next need not wait behind the
// attempt to drop it.
func TestNobodyWaitsForAMonthToBeDropped(t *testing.T) {
	c, partitions := threeMonths(t)
	reader := pgtest.Connect(t, c.URL)
	pgtest.Execute(t, reader, "BEGIN", "SELECT count(*) FROM roster.events")
	tried := make(chan error, 1)
	go func() {
		_, err := partitions.Drop(t.Context(), testdb.Begin)
		tried <- err
	}()
	events, other := postgres.NewEvents(c.DB), pgtest.Connect(t, c.URL)
	pgtest.Execute(t, other, "SET lock_timeout = '50ms'")
	for i := 0; ; i++ {
		select {
		case err := <-tried:
			if !errors.Is(err, domain.Unavailable) {
				t.Errorf("the attempt ended with %v", err)
			}
			pgtest.Execute(t, reader, "COMMIT")
			if dropped, err := partitions.Drop(t.Context(), testdb.Begin); err != nil || dropped != "events_2024_01" {
				t.Errorf("afterwards dropped %q, %v", dropped, err)
			}
			return
		default:
		}
		pgtest.Execute(t, other, "SELECT count(*) FROM roster.events")
		event := newEvent(t, 100+i, c.Organizations[0], c.Owners[0].ID, testdb.Begin)
		if _, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); err != nil {
			t.Error(err)
		}
	}
}
