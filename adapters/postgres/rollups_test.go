package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// wantRollups fails the test unless the rollups are those of the events.
func wantRollups(t *testing.T, c *pgx.Conn) {
	t.Helper()
	const faults = "SELECT coalesce(string_agg(organization_id || ' ' || fault, E'\n'), '') FROM roster.rollup_check()"
	if text := pgtest.Scalar[string](t, c, faults); text != "" {
		t.Fatal(text)
	}
}

func TestTheCheckOfRollupsFindsEachFault(t *testing.T) {
	t.Parallel()
	_, c := testdb.New(t)
	for _, each := range []struct{ harm, fault string }{
		{"UPDATE roster.engagement_days SET events = events + 1 WHERE events > 3", "rolled up as"},
		{"UPDATE roster.engagement_days SET active = active | roster.rollup_bit(511)", "rolled up as"},
		{"DELETE FROM roster.engagement_days", "rolled up as 0 of 0"},
		{"UPDATE roster.engagement_organizations SET members = members + 1", "members who count, rolled up as"},
		{"UPDATE roster.engagement_organizations SET next_ordinal = 0", "is not below"},
		{"DELETE FROM roster.engagement_organizations", "is not rolled up"},
		{"INSERT INTO roster.engagement_organizations VALUES (gen_random_uuid())", "does not exist"},
		{"DELETE FROM roster.engagement_members", "does not count and should"},
		{
			"INSERT INTO roster.engagement_members SELECT o.id, gen_random_uuid(), 99 FROM roster.organizations o",
			"counts and should not",
		},
		{"UPDATE roster.engagement_members SET ordinal = 0", "share the ordinal 0"},
	} {
		randomDirectory(t, c, 1)
		pgtest.Execute(t, c, each.harm)
		faults := pgtest.Scalar[string](t, c, "SELECT coalesce(string_agg(fault, E'\n'), '') FROM roster.rollup_check()")
		if !strings.Contains(faults, each.fault) {
			t.Errorf("after %s: %q", each.harm, faults)
		}
		pgtest.Execute(t, c, "SELECT roster.rollup_rebuild(ARRAY(SELECT id FROM roster.organizations))",
			`DELETE FROM roster.engagement_organizations e
				WHERE NOT EXISTS (SELECT FROM roster.organizations o WHERE o.id = e.organization_id)`)
		wantRollups(t, c)
	}
}

// Statements of many rows in no order may lose a deadlock. A statement that names a
// row which another deletes may violate a foreign key. Nothing else may fail.
func TestTheRollupsAreRightAfterConcurrentWrites(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	events := postgres.NewEvents(d)
	randomDirectory(t, c, 7)
	organizations := pgtest.Column[[16]byte](t, c, "SELECT id FROM roster.organizations WHERE slug NOT IN ('org1', 'org3') ORDER BY slug")
	users := pgtest.Column[[16]byte](t, c, "SELECT id FROM roster.users WHERE deleted_at IS NULL ORDER BY username")
	var all sync.WaitGroup
	for worker := range 6 {
		random := testdb.Random(uint64(worker), 2)
		all.Go(func() {
			for i := range 40 {
				var batch []domain.Event
				for n := range 50 {
					organization, user := organizations[random.IntN(len(organizations))], users[random.IntN(len(users))]
					event := newEvent(t, n, organization, user, testdb.Begin.Add(time.Duration(random.IntN(200))*time.Hour))
					event.ID = domain.EventID{0: byte(worker), 1: byte(i), 2: byte(n), 6: 0x40, 8: 0x80}
					batch = append(batch, event)
				}
				addInSpiteOfDeadlocks(t, events, batch)
			}
		})
	}
	for worker := range 3 {
		random, other := testdb.Random(uint64(worker), 3), pgtest.Connect(t, c.Config().ConnString())
		all.Go(func() {
			for range 60 {
				text := changes[random.IntN(6)]
				_, err := other.Exec(t.Context(), text)
				if err != nil && !strings.Contains(err.Error(), "40P01") && !strings.Contains(err.Error(), "23503") {
					t.Errorf("%s: %v", text, err)
				}
			}
		})
	}
	all.Wait()
	wantRollups(t, c)
}

// addInSpiteOfDeadlocks adds events, and tries again if all attempts of AddEvents
// lost a deadlock.
func addInSpiteOfDeadlocks(t *testing.T, events *postgres.Events, batch []domain.Event) {
	t.Helper()
	_, err := events.AddEvents(t.Context(), ports.AddEvents{Events: batch})
	for errors.Is(err, domain.Unavailable) {
		_, err = events.AddEvents(t.Context(), ports.AddEvents{Events: batch})
	}
	if err != nil {
		t.Error(err)
	}
}
