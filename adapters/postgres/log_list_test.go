package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

func TestPagesOfTheLogHaveEachSelectedEntryOnceTheNewestFirst(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	log := postgres.NewLogEntries(d)
	for n := range 3 {
		pgtest.Execute(t, c, fmt.Sprintf(`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'u%d-' || n, 'u%[1]d-' || n || '@example.com', 'U', now(), now() FROM generate_series(1, 7) n`, n),
			"UPDATE roster.users SET status = 'suspended', version = version + 1")
	}
	subject := pgtest.Scalar[string](t, c, "SELECT subject FROM roster.log ORDER BY at, number LIMIT 1")
	middle := pgtest.Column[time.Time](t, c, "SELECT DISTINCT at FROM roster.log ORDER BY at")
	for condition, filter := range map[string]ports.LogFilter{
		"true":                        {},
		"kind = 'user.created'":       {Kinds: []domain.LogKind{domain.UserCreated, domain.KeyCreated}},
		"subject = '" + subject + "'": {Subject: subject},
		"actor = 'nobody'":            {Actor: "nobody"},
		"at >= (SELECT at FROM moments WHERE n = 2) AND at < (SELECT at FROM moments WHERE n = 4)": {From: middle[1], To: middle[3]},
	} {
		want := pgtest.Column[string](t, c, `WITH moments AS (SELECT at, row_number() OVER (ORDER BY at) AS n FROM roster.log GROUP BY at)
			SELECT id::text FROM roster.log WHERE `+condition+" ORDER BY at DESC, number DESC")
		if got := pagesOfLog(t, log, filter); !slices.Equal(got, want) {
			t.Errorf("%s: pages have %d entries in another order than these %d", condition, len(got), len(want))
		}
	}
}

// pagesOfLog reads all pages of a list, and returns the ids of its entries.
func pagesOfLog(t *testing.T, log *postgres.LogEntries, filter ports.LogFilter) (ids []string) {
	t.Helper()
	in := ports.ListLog{Filter: filter, Limit: domain.MustParse(domain.ParsePageSize(4))}
	for {
		page, err := log.ListLog(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Items {
			ids = append(ids, page.Items[i].ID.String())
		}
		if !page.More {
			return ids
		}
		last := page.Items[len(page.Items)-1]
		in.After = &domain.LogListPosition{At: last.At, Number: last.Number}
	}
}
