package mutants_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/mutants"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/released"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// release is the release of the queries of these tests.
func release(t *testing.T, url string) released.Release {
	t.Helper()
	all, err := inspect.Queries(t.Context(), sqlcheck.All(), url)
	if err != nil {
		t.Fatal(err)
	}
	snapshots := map[string]snapshot.Query{}
	for _, q := range all {
		snapshots[q.Snapshot.Name] = q.Snapshot
	}
	tables, err := released.TablesOf(t.Context(), pgtest.Connect(t, url))
	if err != nil {
		t.Fatal(err)
	}
	return released.Release{Version: "v1.0.0", Tables: tables, Queries: released.QueriesOf(snapshots)}
}

func TestMutantsBreakTheQueriesOfARelease(t *testing.T) {
	r := release(t, migrated.Database(t))
	all, err := mutants.Released(t.Context(), r, databases(t, migrated), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind          mutants.Kind
		target, named string
	}{
		{mutants.Rename, "shop.orders.email", "orders.by_email"},
		{mutants.Drop, "shop.orders.email", "orders.by_email"},
		{mutants.Retype, "shop.orders.total", "orders.by_email"},
		{mutants.Widen, "shop.orders.total", "orders.by_email"},
		{mutants.Retype, "shop.orders.placed_at", "orders.by_email"}, // which it reads as text
		{mutants.Null, "shop.stock.item", "items.list"},
		{mutants.NotNull, "shop.orders.note", "orders.by_email"},
		{mutants.DropUnique, "shop.visits_pkey", "visits.put"},
		{mutants.DropTable, "shop.visits", "visits.copy visits.put"},
		{mutants.RenameTable, "shop.orders", "orders.by_email"},
		{mutants.AddRequired, "shop.visits", "visits.copy visits.put"},
		{mutants.AddRequired, "shop.orders", ""}, // into which no query inserts
		{mutants.AddNullable, "shop.visits", ""},
		{mutants.AddDefault, "shop.visits", ""},
		{mutants.AddIndex, "shop.visits", ""},
		{mutants.WidenCheck, "shop.orders.orders_email_check", ""},
		{mutants.Drop, "shop.orders.unread", ""},
		{mutants.NotNull, "shop.orders.unread", ""},
	} {
		m := find(t, all, c.kind, c.target)
		want := mutants.Named
		if c.named == "" {
			want = mutants.Passed
		}
		if m.Check != want || strings.Join(m.Named, " ") != c.named {
			t.Errorf("%s of %s: %s, %q, missed %q", c.kind, c.target, m.Check, m.Named, m.Missed)
		}
	}
	if wrong := (mutants.ReleasedReport{Mutants: all}).Wrong(); len(wrong) > 0 {
		t.Errorf("wrong are %+v", wrong)
	}
}

// A check that looked at no query would pass every mutant, and one that always
// found something would name some without a reason.
func TestTheTableCountsWhatIsWrong(t *testing.T) {
	r := mutants.ReleasedReport{Mutants: []mutants.Mutant{
		{Kind: mutants.Rename, Target: "shop.orders.id", Check: mutants.Named},
		{Kind: mutants.Rename, Target: "shop.orders.note", Check: mutants.Survived, Missed: []string{"orders.list"}},
		{Kind: mutants.AddIndex, Target: "shop.orders", Check: mutants.Passed},
		{Kind: mutants.AddIndex, Target: "shop.stock", Check: mutants.FalseAlarm, Named: []string{"items.list"}},
	}}
	lines := strings.Split(r.Table(true), "\n")
	for _, want := range []string{
		"rename a column | 2 | 2 | 1 | 0 | 0 | 1", "add an index | 2 | 0 | 0 | 2 | 1 | 1", "all | 4 | 2 | 1 | 2 | 1 | 2",
		"- shop.orders.note: rename a column ; survived: named [], missed [orders.list]",
		"- shop.stock: add an index ; false alarm: named [items.list], missed []",
	} {
		is := func(line string) bool {
			return strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '|' }), " ") ==
				strings.Join(strings.FieldsFunc(want, func(r rune) bool { return r == ' ' || r == '|' }), " ")
		}
		if !slices.ContainsFunc(lines, is) {
			t.Errorf("no %q in %s", want, r.Table(true))
		}
	}
	if len(r.Wrong()) != 2 {
		t.Errorf("wrong are %+v", r.Wrong())
	}
}
