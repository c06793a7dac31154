package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// plainReport is the report written without a thought of speed: one join of
// the five tables. It shares nothing with the adapter's.
const plainReport = `
	SELECT o.id::text, o.name, p.code, count(DISTINCT m.user_id), count(DISTINCT e.user_id), count(e.id), max(e.occurred_at)
	FROM roster.organizations o
	JOIN roster.plans p ON p.code = o.plan
	JOIN roster.memberships m ON m.organization_id = o.id
	JOIN roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL
	LEFT JOIN roster.events e ON e.user_id = u.id AND e.organization_id = o.id AND e.occurred_at >= $1 AND e.occurred_at < $2
	GROUP BY o.id, o.name, p.code
	ORDER BY count(e.id) DESC, o.id LIMIT $3`

// lineOf is a line of a report, as text.
func lineOf(id, name, plan string, members, active, events int64, last *time.Time) string {
	at := "never"
	if last != nil {
		at = last.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(id, " ", name, " ", plan, " ", members, active, events, " ", at)
}

// randomDirectory fills the tables with users of all sorts, organizations with
// and without members, and events on and around the hours of two days.
func randomDirectory(t *testing.T, c *pgx.Conn, seed uint64) {
	t.Helper()
	pgtest.Execute(t, c, fmt.Sprintf("SELECT setseed(%f)", rand.New(rand.NewPCG(seed, 0)).Float64()), //nolint:gosec // a test's data
		"DELETE FROM roster.organizations", "DELETE FROM roster.users", "DELETE FROM roster.plans",
		"SELECT roster.ensure_event_partitions(ARRAY['2024-02-01Z', '2024-03-01Z']::timestamptz[])",
		"INSERT INTO roster.plans SELECT 'plan' || n, 'Plan', NULL FROM generate_series(1, 3) n",
		"INSERT INTO roster.organizations SELECT gen_random_uuid(), 'Org ' || n, 'org' || n, 'plan' || 1 + n % 3, now() FROM generate_series(1, 30) n",
		`INSERT INTO roster.users (id, username, email, display_name, status, created_at, updated_at, deleted_at)
			SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.com', 'U', CASE WHEN random() < 0.2 THEN 'suspended' ELSE 'active' END, now(), now(),
				CASE WHEN random() < 0.2 THEN now() END FROM generate_series(1, 60) n`,
		`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE random() < 0.1 AND o.slug <> 'org1'`,
		`INSERT INTO roster.events SELECT gen_random_uuid(), o.id, u.id, 'login', timestamptz '2024-02-29 00:00Z' + interval '1 hour' * floor(random() * 48)
			FROM roster.organizations o, roster.users u, generate_series(1, 3) WHERE random() < 0.3 AND o.slug <> 'org2'`)
}

// changes are what may happen to a directory, each to a few at random.
var changes = []string{
	"DELETE FROM roster.memberships WHERE random() < 0.1",
	"INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u WHERE random() < 0.02 ON CONFLICT DO NOTHING",
	"UPDATE roster.users SET deleted_at = now() WHERE deleted_at IS NULL AND random() < 0.1",
	"UPDATE roster.users SET deleted_at = NULL WHERE deleted_at IS NOT NULL AND random() < 0.3",
	"UPDATE roster.users SET status = CASE status WHEN 'active' THEN 'suspended' ELSE 'active' END WHERE random() < 0.1",
	"DELETE FROM roster.users WHERE random() < 0.03",
	"DELETE FROM roster.organizations WHERE random() < 0.03",
	"UPDATE roster.organizations SET plan = 'plan' || 1 + floor(random() * 3) WHERE random() < 0.2",
	`INSERT INTO roster.events SELECT gen_random_uuid(), o.id, u.id, 'login', timestamptz '2024-02-29 00:00Z' + interval '1 minute' * floor(random() * 2880)
		FROM roster.organizations o, roster.users u WHERE random() < 0.1`,
	"INSERT INTO roster.events SELECT e.id, e.organization_id, e.user_id, e.kind, e.occurred_at FROM roster.events e WHERE random() < 0.1 AND e.user_id IS NOT NULL ON CONFLICT DO NOTHING",
	"INSERT INTO roster.events SELECT e.id, e.organization_id, e.user_id, e.kind, e.occurred_at + interval '1 day' FROM roster.events e WHERE random() < 0.05 AND e.user_id IS NOT NULL AND e.occurred_at < '2024-03-01Z' ON CONFLICT DO NOTHING",
	`UPDATE roster.memberships m SET user_id = u.id FROM roster.users u WHERE random() < 0.0005
		AND NOT EXISTS (SELECT FROM roster.memberships x WHERE x.organization_id = m.organization_id AND x.user_id = u.id)
		AND (m.organization_id, m.user_id) = (SELECT y.organization_id, y.user_id FROM roster.memberships y ORDER BY random() LIMIT 1)`,
	"DELETE FROM roster.events WHERE random() < 0.001",
	"UPDATE roster.events SET occurred_at = occurred_at - interval '1 hour' WHERE random() < 0.001",
	"SELECT roster.rollup_rebuild(ARRAY(SELECT id FROM roster.organizations WHERE random() < 0.1))",
}

func TestTheReportIsThePlainJoins(t *testing.T) {
	d, c := testdb.New(t)
	events := postgres.NewEvents(d)
	for seed := range uint64(6) {
		randomDirectory(t, c, seed)
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test's data
		for range 10 {
			pgtest.Execute(t, c, changes[random.IntN(len(changes))], changes[random.IntN(len(changes))])
			from := time.Date(2024, 2, 28, 20, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(24)) * time.Hour)
			for _, span := range []time.Duration{time.Hour, 24 * time.Hour, 28 * time.Hour, 1000 * time.Hour} {
				samePlain(t, events, c, domain.MustParse(domain.ParseWindow(from, from.Add(span))))
			}
			rollupsAreRight(t, c)
		}
	}
}

// samePlain compares a report, whole and its first lines, with the plain join.
func samePlain(t *testing.T, events *postgres.Events, c *pgx.Conn, window domain.Window) {
	t.Helper()
	for _, most := range []int{5, 100} {
		got, want := report(t, events, window, most), plain(t, c, window, most)
		if !slices.Equal(got, want) {
			t.Fatalf("from %s to %s the report is\n%v\nand the plain join\n%v", window.From(), window.To(), got, want)
		}
		if most == 100 && len(want) < 10 {
			t.Fatalf("only %d organizations have members", len(want))
		}
	}
}

// rollupsAreRight fails the test unless the sums are those of the events.
func rollupsAreRight(t *testing.T, c *pgx.Conn) {
	t.Helper()
	if faults := pgtest.Scalar[*string](t, c, "SELECT string_agg(organization_id || ' ' || fault, E'\n') FROM roster.rollup_check()"); faults != nil {
		t.Fatal(*faults)
	}
}

func TestTheSumsAreCheckedAgainstTheEvents(t *testing.T) {
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
		{"INSERT INTO roster.engagement_members SELECT o.id, gen_random_uuid(), 99 FROM roster.organizations o", "counts and should not"},
		{"UPDATE roster.engagement_members SET ordinal = 0", "share the ordinal 0"},
	} {
		randomDirectory(t, c, 1)
		pgtest.Execute(t, c, each.harm)
		faults := pgtest.Scalar[string](t, c, "SELECT coalesce(string_agg(fault, E'\n'), '') FROM roster.rollup_check()")
		if !strings.Contains(faults, each.fault) {
			t.Errorf("after %s: %q", each.harm, faults)
		}
		pgtest.Execute(t, c, "SELECT roster.rollup_rebuild(ARRAY(SELECT id FROM roster.organizations))", "DELETE FROM roster.engagement_organizations e WHERE NOT EXISTS (SELECT FROM roster.organizations o WHERE o.id = e.organization_id)")
		rollupsAreRight(t, c)
	}
}

// Whatever happens at once, the sums are right in the end, and nothing fails but
// what lost a deadlock, which statements of many rows in no order can, or named
// who is gone.
func TestTheSumsAreRightAfterManyAtOnce(t *testing.T) {
	url := testdb.URL(t)
	c, events := pgtest.Connect(t, url), postgres.NewEvents(testdb.Open(t, testdb.Config(url)))
	randomDirectory(t, c, 7)
	organizations := idsOf(t, c, "SELECT id FROM roster.organizations WHERE slug NOT IN ('org1', 'org3') ORDER BY slug")
	users := idsOf(t, c, "SELECT id FROM roster.users WHERE deleted_at IS NULL ORDER BY username")
	var all sync.WaitGroup
	for worker := range 6 {
		random := rand.New(rand.NewPCG(uint64(worker), 2)) //nolint:gosec // a test's data
		all.Go(func() {
			for i := range 40 {
				var batch []domain.Event
				for n := range 50 {
					event := newEvent(t, n, organizations[random.IntN(len(organizations))], users[random.IntN(len(users))], testdb.Begin.Add(time.Duration(random.IntN(200))*time.Hour))
					event.ID = domain.EventID{0: byte(worker), 1: byte(i), 2: byte(n), 6: 0x40, 8: 0x80}
					batch = append(batch, event)
				}
				_, err := events.AddEvents(t.Context(), ports.AddEvents{Events: batch})
				for errors.Is(err, domain.Unavailable) { // it lost each of its attempts to deadlocks
					_, err = events.AddEvents(t.Context(), ports.AddEvents{Events: batch})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for worker := range 3 {
		random := rand.New(rand.NewPCG(uint64(worker), 3)) //nolint:gosec // a test's data
		other := pgtest.Connect(t, url)
		all.Go(func() {
			for range 60 {
				text := changes[random.IntN(6)]
				if _, err := other.Exec(t.Context(), text); err != nil && !strings.Contains(err.Error(), "40P01") && !strings.Contains(err.Error(), "23503") {
					t.Errorf("%s: %v", text, err)
				}
			}
		})
	}
	all.Wait()
	rollupsAreRight(t, c)
}

func report(t *testing.T, events *postgres.Events, window domain.Window, most int) []string {
	t.Helper()
	size, err := domain.ParsePageSize(most)
	if err != nil {
		t.Fatal(err)
	}
	page, err := events.ReportEngagement(t.Context(), ports.ReportEngagement{Window: window, Limit: size})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range page.Items {
		var last *time.Time
		if !l.LastActivity.IsZero() {
			last = &l.LastActivity
		}
		all = append(all, lineOf(l.Organization.String(), l.Name.String(), l.Plan.String(), l.Members, l.ActiveMembers, l.Events, last))
	}
	return all
}

func plain(t *testing.T, c *pgx.Conn, window domain.Window, most int) []string {
	t.Helper()
	rows, err := c.Query(t.Context(), plainReport, window.From(), window.To(), most)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var id, name, plan string
		var members, active, events int64
		var last *time.Time
		err := row.Scan(&id, &name, &plan, &members, &active, &events, &last)
		return lineOf(id, name, plan, members, active, events, last), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func idsOf(t *testing.T, c *pgx.Conn, query string) [][16]byte {
	t.Helper()
	rows, err := c.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		t.Fatal(err)
	}
	return all
}
