package postgres_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// eventsByMany is a crowd with the partition of a month. Its events are all added by
// the statement for many.
func eventsByMany(t *testing.T) testdb.Crowd {
	t.Helper()
	url := testdb.URL(t)
	d := testdb.Open(t, testdb.Config(url))
	postgres.ManyForOne(d)
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
	pgtest.Execute(t, c.Conn, "BEGIN", "LOCK TABLE roster.events IN SHARE MODE")
	var all sync.WaitGroup
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
	pgtest.LockWaits(t, c.URL, 1)
	pgtest.Execute(t, c.Conn, "COMMIT")
	all.Wait()
	if n := first.Load(); n != 1 {
		t.Errorf("%d callers were told that they stored the event that all send", n)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.events"); n != callers+2 {
		t.Errorf("%d events are stored", n)
	}
	wantRollups(t, c.Conn)
}

func TestOtherEventsDoNotWaitForTheLockOf(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]string{
		"an organization": lockRollup,
		"a user":          "SELECT FROM roster.users WHERE username = 'user0' FOR UPDATE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := eventsByMany(t)
			pgtest.Execute(t, c.Conn, "BEGIN", lock)
			add := func(n, organization, owner int) {
				event := newEvent(t, n, c.Organizations[organization], c.Owners[owner].ID, testdb.Begin)
				if got, err := addOne(t, c.Events, event); err != nil || got != ports.Accepted {
					t.Errorf("%d: %v, %v", n, got, err)
				}
			}
			var waiting sync.WaitGroup
			for n := range 5 { // more than the batcher's batches
				waiting.Go(func() { add(n, 0, 0) })
			}
			pgtest.LockWaits(t, c.URL, 5)
			for n := range 4 {
				add(10+n, 1, 1)
			}
			pgtest.Execute(t, c.Conn, "COMMIT")
			waiting.Wait()
			wantRollups(t, c.Conn)
		})
	}
}
