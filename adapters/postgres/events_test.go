package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

func newEvent(t *testing.T, n int, o domain.OrganizationID, u domain.UserID, at time.Time) domain.Event {
	t.Helper()
	kind, err := domain.ParseEventKind("login")
	if err != nil {
		t.Fatal(err)
	}
	return domain.Event{ID: domain.EventID{0: 3, 14: byte(n >> 8), 15: byte(n)}, Organization: o, User: u, Kind: kind, OccurredAt: at}
}

// addOne adds an event.
func addOne(t *testing.T, events *postgres.Events, event domain.Event) (ports.Outcome, error) {
	t.Helper()
	got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}})
	if err == nil && len(got) != 1 {
		err = fmt.Errorf("one event has %d outcomes", len(got))
	}
	if err != nil {
		return 0, err
	}
	return got[0], nil
}

func TestEventsAreStoredInThePartitionOfTheirMonth(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	var batch []domain.Event
	for i := range 24 {
		end := testdb.Begin.AddDate(0, i, 0).Add(-time.Microsecond)
		batch = append(batch, newEvent(t, i, c.Organizations[0], c.Owners[0].ID, end))
	}
	if _, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: batch}); err != nil {
		t.Fatal(err)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(DISTINCT tableoid) FROM roster.events"); n != 24 {
		t.Errorf("24 months are in %d partitions", n)
	}
	first := pgtest.Scalar[string](t, c.Conn, "SELECT tableoid::regclass::text FROM roster.events ORDER BY occurred_at")
	if first != "roster.events_2024_02" {
		t.Errorf("the last instant of February is in %s", first)
	}
}

func TestEventsBefore2000AndAfter2199AreRefused(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	for _, year := range []int{1999, 2200} {
		event := newEvent(t, 1, c.Organizations[0], c.Owners[0].ID, time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC))
		_, err := addOne(t, c.Events, event)
		var fault *domain.Error
		if !errors.As(err, &fault) || fault.Kind != domain.Invalid || fault.Field != "occurred_at" {
			t.Errorf("in %d: %v", year, err)
		}
	}
}

func TestConcurrentRequestsMakeAPartitionOnce(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			event := newEvent(t, i, c.Organizations[0], c.Owners[0].ID, testdb.Begin.AddDate(0, i%5, 0))
			if got, err := addOne(t, c.Events, event); err != nil || got != ports.Accepted {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	all.Wait()
	const partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'roster.events'::regclass"
	if n := pgtest.Scalar[int64](t, c.Conn, partitions); n != 5 {
		t.Errorf("%d partitions", n)
	}
}

func TestPayloadsAreStored(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	texts := []string{"", "null", `"a\"b"`, `{"k": [1, {"x": null}]}`, `{}`}
	var batch []domain.Event
	for i, text := range texts {
		event := newEvent(t, i, c.Organizations[0], c.Owners[0].ID, testdb.Begin.Add(time.Duration(i)))
		if text != "" {
			payload, err := domain.ParsePayload([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			event.Payload = payload
		}
		batch = append(batch, event)
	}
	if _, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: batch}); err != nil {
		t.Fatal(err)
	}
	for i, want := range texts {
		got := pgtest.Scalar[string](t, c.Conn, "SELECT coalesce(payload::text, '') FROM roster.events WHERE id = $1", batch[i].ID.String())
		if got != want {
			t.Errorf("%q became %q", want, got)
		}
	}
}

func TestEventsAreAddedWhileTheirOrganizationIsDeleted(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 20)
	organizations := postgres.NewOrganizations(c.DB)
	// The first event makes the partition.
	if _, err := addOne(t, c.Events, newEvent(t, 999, c.Organizations[0], c.Owners[0].ID, testdb.Begin)); err != nil {
		t.Fatal(err)
	}
	for i, o := range c.Organizations[1:] {
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := organizations.DeleteOrganization(t.Context(), o, 0); err != nil {
				t.Error(err)
			}
		})
		for j := range 4 {
			all.Go(func() {
				n := i*8 + j*2
				batch := []domain.Event{
					newEvent(t, n, o, c.Owners[0].ID, testdb.Begin),
					newEvent(t, n+1, c.Organizations[0], c.Owners[0].ID, testdb.Begin),
				}
				got, err := c.Events.AddEvents(t.Context(), ports.AddEvents{Events: batch})
				if err != nil || got[1] != ports.Accepted || got[0] != ports.Accepted && got[0] != ports.UnknownOrganization {
					t.Errorf("%v, %v", got, err)
				}
			})
		}
		all.Wait()
	}
	const others = "SELECT count(*) FROM roster.events WHERE organization_id <> $1"
	if n := pgtest.Scalar[int64](t, c.Conn, others, c.Organizations[0].String()); n != 0 {
		t.Errorf("%d events of deleted organizations are left", n)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.events"); n != 1+4*19 {
		t.Errorf("%d events are stored", n)
	}
}

func TestAddingNoEventsNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	d := testdb.Open(t, testdb.Config("postgres://roster@127.0.0.1:1/roster"))
	if got, err := postgres.NewEvents(d).AddEvents(t.Context(), ports.AddEvents{Events: nil}); err != nil || len(got) != 0 {
		t.Error(fmt.Sprint(got, err))
	}
}
