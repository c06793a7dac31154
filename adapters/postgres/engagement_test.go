package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// plainReport is the simplest text of the report: one join of the five tables. It
// shares nothing with the adapter's queries.
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

func TestTheReportEqualsAJoinOfTheTables(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			d, c := testdb.New(t)
			events, random := postgres.NewEvents(d), testdb.Random(seed, 1)
			randomDirectory(t, c, seed)
			for range 10 {
				pgtest.Execute(t, c, changes[random.IntN(len(changes))], changes[random.IntN(len(changes))])
				from := time.Date(2024, 2, 28, 20, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(24)) * time.Hour)
				for _, span := range []time.Duration{time.Hour, 24 * time.Hour, 28 * time.Hour, 1000 * time.Hour} {
					sameAsPlainReport(t, events, c, domain.MustParse(domain.ParseWindow(from, from.Add(span))))
				}
				wantRollups(t, c)
			}
		})
	}
}

// sameAsPlainReport compares a report, whole and its first lines, with plainReport.
func sameAsPlainReport(t *testing.T, events *postgres.Events, c *pgx.Conn, window domain.Window) {
	t.Helper()
	for _, limit := range []int{5, 100} {
		got, want := report(t, events, window, limit), plain(t, c, window, limit)
		if !slices.Equal(got, want) {
			t.Fatalf("from %s to %s the report is\n%v\nand the plain join\n%v", window.From(), window.To(), got, want)
		}
		if limit == 100 && len(want) < 10 {
			t.Fatalf("only %d organizations have members", len(want))
		}
	}
}

func report(t *testing.T, events *postgres.Events, window domain.Window, limit int) []string {
	t.Helper()
	size, err := domain.ParsePageSize(limit)
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

func plain(t *testing.T, c *pgx.Conn, window domain.Window, limit int) []string {
	t.Helper()
	rows, err := c.Query(t.Context(), plainReport, window.From(), window.To(), limit)
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
