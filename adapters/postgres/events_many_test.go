package postgres_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// eventsByMany is a crowd of a database that batches, with the partition of a month.
func eventsByMany(t *testing.T) testdb.Crowd {
	t.Helper()
	url := testdb.URL(t)
	d := testdb.Open(t, testdb.Batching(url))
	c := testdb.NewCrowdWith(t, d, url, 2, 3)
	if err := postgres.NewPartitions(d).Make(t.Context(), testdb.Begin, 0); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEventsThatShareAStatementHaveTheirOwnOutcomes(t *testing.T) {
	t.Parallel()
	c := eventsByMany(t)
	// The requests that arrive while the batches in flight wait are one batch.
	release := postgres.Hold(t, c.DB, database.Batched)
	var all sync.WaitGroup
	inTurn(t, c.DB, &all, func() {
		event := newEvent(t, 500, c.Organizations[0], c.Owners[0].ID, testdb.Begin)
		if got, err := addOne(t, c.Events, event); err != nil || got != ports.Accepted {
			t.Errorf("the first event: %v, %v", got, err)
		}
	})
	var first atomic.Int64
	const callers = 20
	for n := range callers {
		all.Go(func() {
			got, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{
				newEvent(t, n, c.Organizations[n%3], c.Owners[n%2].ID, testdb.Begin),
				newEvent(t, 100, c.Organizations[0], c.Owners[0].ID, testdb.Begin),
				newEvent(t, 200+n, domain.OrganizationID{15: 99}, c.Owners[0].ID, testdb.Begin),
				newEvent(t, 300+n, c.Organizations[0], testdb.User(99).ID, testdb.Begin),
				newEvent(t, n, c.Organizations[n%3], c.Owners[n%2].ID, testdb.Begin),
			}})
			if err != nil || len(got) != 5 || got[0] != ports.Accepted ||
				got[2] != ports.UnknownOrganization || got[3] != ports.UnknownUser || got[4] != ports.Duplicate {
				t.Errorf("%d: %v, %v", n, got, err)
				return
			}
			switch got[1] {
			case ports.Accepted:
				first.Add(1)
			case ports.Duplicate, ports.UnknownOrganization, ports.UnknownUser:
			}
		})
	}
	all.Go(func() {
		event := newEvent(t, 400, c.Organizations[0], c.Owners[0].ID, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
		if got, err := addOne(t, c.Events, event); !errors.Is(err, domain.Invalid) {
			t.Errorf("an event of 1999: %v, %v", got, err)
		}
	})
	all.Go(func() {
		event := newEvent(t, 401, c.Organizations[1], c.Owners[1].ID, testdb.Begin.AddDate(0, 3, 0))
		if got, err := addOne(t, c.Events, event); err != nil || got != ports.Accepted {
			t.Errorf("an event of a month without a partition: %v, %v", got, err)
		}
	})
	pgtest.Eventually(t, "all others wait", func() bool { return postgres.WaitingEvents(c.Events) == callers+2 })
	release()
	all.Wait()
	if n := first.Load(); n != 1 {
		t.Errorf("%d callers were told that they stored the event that all send", n)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.events"); n != callers+3 {
		t.Errorf("%d events are stored", n)
	}
	wantRollups(t, c.Conn)
}
