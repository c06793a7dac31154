//sqlcheck:allow statements of the search, sent again to count what they read

package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/search"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// skewed has words that all users have, or only suspended or deleted ones, or none
// together; prefixes of thousands of words; words that may be each other's typing
// errors; users of the same moment; and organizations of all sizes.
const skewed = `INSERT INTO roster.users (id, username, email, display_name, status, created_at, updated_at, deleted_at)
	SELECT md5('u' || i)::uuid, CASE i WHEN 177 THEN 'bulk' ELSE 'u' || i END,
		'u' || i || '@' || CASE i % 50 WHEN 1 THEN 'few' ELSE 'many' END || '.example', concat_ws(' ',
		CASE WHEN i % 3 < 2 THEN 'common bulk' ELSE 'bulk common' END,
		CASE WHEN i % 11 = 0 THEN 'idle' END, CASE WHEN i % 13 = 0 THEN 'gone' END,
		CASE WHEN i <= 3000 THEN 'older' ELSE 'newer' END,
		CASE i % 700 WHEN 5 THEN 'rare' END,
		'pre' || translate(i::text, '0123456789', 'abcdefghij'),
		'similar' || translate((i % 3000)::text, '0123456789', 'abcdefghij')),
		CASE WHEN i % 11 = 0 AND i > 200 OR i > 4500 THEN 'suspended' ELSE 'active' END,
		'2024-01-01'::timestamptz + i / 700 * interval '1 day' + i / 5 * interval '1 second', now(),
		CASE WHEN i % 13 = 0 AND i > 100 THEN now() END
	FROM generate_series(1, 6000) i`

const skewedMembers = `INSERT INTO roster.memberships (organization_id, user_id, role, joined_at)
	SELECT o.id, u.id, CASE u.username WHEN 'u1' THEN 'owner' ELSE 'member' END, now()
	FROM roster.users u JOIN roster.organizations o ON o.slug = 'large' OR o.slug = 'small' AND u.username ~ '^u.{1,2}$'`

var terms = strings.Fields(`bulk common idle gone older newer rare bul com pre prea simil similarab similra cmomon
	"bulk_common" "common_bulk" "newer_older" "gone" u u1 u12 @many @few @m absent -bulk -common -"bulk_common" -idle -older -newer -rare`)

// Each statement that a search sends reads no more than its budget, whatever the
// term and the filter are; and by its cursors, a search finds the same users as
// one that reads all at once.
func TestNoStatementReadsMoreThanItsBudget(t *testing.T) {
	t.Parallel()
	sent := new(recorder)
	config := testdb.Config(testdb.URL(t))
	whole := postgres.NewUsers(testdb.Open(t, config))
	config.Tracer = sent
	users := postgres.NewUsers(testdb.Open(t, config))
	conn := pgtest.Connect(t, config.URL)
	pgtest.Execute(t, conn, skewed, "INSERT INTO roster.plans VALUES ('free', 'Free', NULL), ('other', 'Other', NULL)",
		"INSERT INTO roster.organizations SELECT md5(s)::uuid, s, s, 'free', now() FROM unnest(ARRAY['large', 'small']) s",
		skewedMembers, "VACUUM ANALYZE", "SET plan_cache_mode = force_generic_plan", "SET jit = off")
	most := search.Shrink(users.Engine, 40)
	random := testdb.Random(16, 3)
	searches := []ports.SearchUsers{
		searchFor("bulk", 20), searchFor("bulk common", 20), searchFor(`"bulk common"`, 20), searchFor("idle", 20), searchFor("gone", 20),
	}
	for i := range 2 {
		searches[i].Filter.Organization = pgtest.Scalar[[16]byte](t, conn, "SELECT id FROM roster.organizations WHERE slug = 'large'")
	}
	for range 60 {
		searches = append(searches, randomSearch(t, random, conn))
	}
	for _, in := range searches {
		sent.forget()
		got := allPages(t, users, in)
		if want := allPages(t, whole, in); !slices.Equal(got, want) {
			t.Fatalf("%s, by %+v: found %d, %d when all is read at once: %s", in.Term, in.Filter, len(got), len(want), difference(got, want))
		}
		for _, statement := range sent.forget() {
			if w := workOf(t, conn, statement); w.rows > most || w.skips() {
				name, _ := sqlcheck.NameOf(statement.text)
				t.Fatalf("%s, by %+v: %s reads %+v; %d rows are allowed", in.Term, in.Filter, name, w, most)
			}
		}
	}
}

func randomSearch(t *testing.T, random *rand.Rand, conn *pgx.Conn) ports.SearchUsers {
	t.Helper()
	for {
		var parts []string
		for range 1 + random.IntN(4) {
			parts = append(parts, strings.ReplaceAll(terms[random.IntN(len(terms))], "_", " "))
		}
		term, err := domain.ParseSearchTerm(strings.Join(parts, " "))
		if err != nil {
			continue // it requires no word
		}
		in := ports.SearchUsers{Term: term, Limit: domain.MustParse(domain.ParsePageSize([]int{5, 20, 100}[random.IntN(3)]))}
		f := &in.Filter
		switch random.IntN(9) {
		case 0:
			f.Status = domain.Suspended
		case 1:
			f.Deleted = []domain.Deletion{domain.WithDeleted, domain.OnlyDeleted}[random.IntN(2)]
		case 2, 3:
			f.Organization = pgtest.Scalar[[16]byte](t, conn, "SELECT md5($1)::uuid", []string{"large", "small", "none"}[random.IntN(3)])
		case 4:
			f.Role = []domain.Role{domain.Owner, domain.Admin}[random.IntN(2)]
		case 5:
			f.Plan = domain.MustParse(domain.ParsePlanCode([]string{"free", "other"}[random.IntN(2)]))
		case 6:
			f.CreatedTo = testdb.Begin
			f.CreatedFrom = testdb.Begin.AddDate(0, -1, 0)
		default:
		}
		return in
	}
}

// allPages follows the pages of a search to the end.
func allPages(t *testing.T, users *postgres.Users, in ports.SearchUsers) []string {
	t.Helper()
	var all []string
	for more := true; more; more = in.After != nil {
		found, err := users.SearchUsers(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		before := in.After
		all, in.After = append(all, hits(found)...), found.Next()
		if before != nil && in.After != nil && *before == *in.After {
			t.Fatalf("%s: a page does not go on from %+v", in.Term, *before)
		}
	}
	if once := slices.Compact(slices.Sorted(slices.Values(all))); len(once) != len(all) {
		t.Fatalf("%s, by %+v: %d users are found %d times", in.Term, in.Filter, len(once), len(all))
	}
	return all
}

// recorder keeps the statements of searches.
type recorder struct {
	mu  sync.Mutex
	all []statement
}

type statement struct {
	text string
	args []any
}

func (r *recorder) add(text string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, statement{text, args})
}

// forget returns what was recorded.
func (r *recorder) forget() []statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	r.add(q.SQL, q.Args)
	return ctx
}

func (*recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (*recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (r *recorder) TraceBatchQuery(_ context.Context, _ *pgx.Conn, q pgx.TraceBatchQueryData) {
	r.add(q.SQL, q.Args)
}

func (*recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// work is what a statement reads: rows and index entries; and of the postings' index,
// entries and pages, and how often it descends into that.
type work struct{ rows, postings, pages, descents int64 }

// skips reports whether a statement reads pages of postings that it does not take: a
// page has 40 or more, and to descend to one takes three pages.
func (w work) skips() bool { return w.pages > 3+3*w.descents+w.postings/40 }

// readSoFar is the work of this transaction.
func readSoFar(t *testing.T, conn *pgx.Conn) (w work) {
	t.Helper()
	const read = `SELECT sum(pg_stat_get_xact_tuples_returned(c.oid))::bigint, pg_stat_get_xact_tuples_returned(p.oid),
			pg_stat_get_xact_blocks_fetched(p.oid), pg_stat_get_xact_numscans(p.oid)
		FROM pg_class c CROSS JOIN (SELECT 'roster.postings_pkey'::regclass AS oid) p
		WHERE c.relnamespace = 'roster'::regnamespace AND (c.relkind = 'i' OR c.relkind = 'r') GROUP BY p.oid`
	if err := conn.QueryRow(t.Context(), read).Scan(&w.rows, &w.postings, &w.pages, &w.descents); err != nil {
		t.Fatal(err)
	}
	return w
}

// workOf sends a statement again, and counts what it reads.
func workOf(t *testing.T, conn *pgx.Conn, s statement) work {
	t.Helper()
	pgtest.Execute(t, conn, "BEGIN")
	before := readSoFar(t, conn)
	rows, err := conn.Query(t.Context(), s.text, s.args...)
	if err == nil {
		rows.Close()
		err = rows.Err()
	}
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", s.text, err))
	}
	after := readSoFar(t, conn)
	pgtest.Execute(t, conn, "COMMIT")
	return work{
		after.rows - before.rows, after.postings - before.postings, after.pages - before.pages, after.descents - before.descents,
	}
}
