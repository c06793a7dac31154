package postgres_test

import (
	"errors"
	"fmt"
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

// A writer of members may read the events of a month while it is dropped, and commit
// its rollups just before the month goes.
func TestADroppedMonthLeavesNoRollups(t *testing.T) {
	t.Parallel()
	c, partitions := threeMonths(t)
	postgres.DropAttempts(partitions, 1000)
	pgtest.Execute(t, c.Conn, `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			VALUES ('01890a5d-ac96-774b-bcce-b302099a8057', 'late', 'late@example.com', 'x', now(), now())`,
		fmt.Sprintf(`INSERT INTO roster.events SELECT gen_random_uuid(), '%s', '01890a5d-ac96-774b-bcce-b302099a8057', 'login',
			e.occurred_at - interval '5 days' FROM roster.events e`, c.Organizations[0]))
	joining := pgtest.Begin(t, c.URL, fmt.Sprintf(`INSERT INTO roster.memberships
		VALUES ('%s', '01890a5d-ac96-774b-bcce-b302099a8057', 'member', now())`, c.Organizations[0]))
	// The drop waits for this row, after it has seen that it may drop the month.
	holding := pgtest.Begin(t, c.URL, "SELECT FROM roster.engagement_days ORDER BY day LIMIT 1 FOR UPDATE")
	dropped := make(chan error, 1)
	go func() {
		_, err := partitions.Drop(t.Context(), testdb.Begin)
		dropped <- err
	}()
	pgtest.LockWaits(t, c.URL, 1)
	if err := errors.Join(joining.Commit(t.Context()), holding.Rollback(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := <-dropped; err != nil {
		t.Fatal(err)
	}
	wantRollups(t, c.Conn)
}

func TestTheCheckSeesRollupsOfAMissingMonth(t *testing.T) {
	t.Parallel()
	c, _ := threeMonths(t)
	pgtest.Execute(t, c.Conn, "DROP TABLE roster.events_2024_02")
	faults, err := postgres.NewRollups(c.DB).Check(t.Context())
	if err != nil || len(faults) != 1 {
		t.Errorf("the faults are %v, %v; there should be one", faults, err)
	}
}
