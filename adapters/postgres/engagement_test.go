package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
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
	execute(t, c, "BEGIN", "SET LOCAL session_replication_role = replica",
		fmt.Sprintf("SELECT setseed(%f)", rand.New(rand.NewPCG(seed, 0)).Float64()), //nolint:gosec // a test's data
		"TRUNCATE roster.plans, roster.organizations, roster.users, roster.memberships, roster.events",
		"SELECT roster.ensure_event_partitions(ARRAY['2024-02-01Z', '2024-03-01Z']::timestamptz[])",
		"INSERT INTO roster.plans SELECT 'plan' || n, 'Plan', NULL FROM generate_series(1, 3) n",
		"INSERT INTO roster.organizations SELECT gen_random_uuid(), 'Org ' || n, 'org' || n, 'plan' || 1 + n % 3, now() FROM generate_series(1, 30) n",
		`INSERT INTO roster.users (id, username, email, display_name, status, created_at, updated_at, deleted_at)
			SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.com', 'U', CASE WHEN random() < 0.2 THEN 'suspended' ELSE 'active' END, now(), now(),
				CASE WHEN random() < 0.2 THEN now() END FROM generate_series(1, 60) n`,
		`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE random() < 0.1 AND o.slug <> 'org1'`,
		`INSERT INTO roster.events SELECT gen_random_uuid(), o.id, u.id, 'login', timestamptz '2024-02-29 00:00Z' + interval '1 hour' * floor(random() * 48)
			FROM roster.organizations o, roster.users u, generate_series(1, 3) WHERE random() < 0.3 AND o.slug <> 'org2'`,
		"UPDATE roster.events SET user_id = NULL WHERE random() < 0.1", "COMMIT")
}

func TestTheReportIsThePlainJoins(t *testing.T) {
	d, c := migrated(t)
	events := postgres.NewEvents(d)
	for seed := range uint64(12) {
		randomDirectory(t, c, seed)
		from := time.Date(2024, 2, 28, 20, 0, 0, 0, time.UTC).Add(time.Duration(seed) * time.Hour)
		for _, span := range []time.Duration{time.Hour, 24 * time.Hour, 1000 * time.Hour} {
			for _, most := range []int{5, 100} {
				window, err := domain.ParseWindow(from, from.Add(span))
				if err != nil {
					t.Fatal(err)
				}
				got, want := report(t, events, window, most), plain(t, c, window, most)
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d, %s from %s: the report is\n%v\nand the plain join\n%v", seed, span, from, got, want)
				}
				if most == 100 && len(want) < 10 {
					t.Fatalf("only %d organizations have members", len(want))
				}
			}
		}
	}
}

func report(t *testing.T, events *postgres.Events, window domain.Window, most int) []string {
	t.Helper()
	size, err := domain.ParsePageSize(most)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := events.ReportEngagement(t.Context(), ports.ReportEngagement{Window: window, Limit: size})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range lines {
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
