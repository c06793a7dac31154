package mutants_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/mutants"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// Nothing has to do with the column unread, and no plan with the index
// orders_unread.
const schema = `
	CREATE SCHEMA shop;
	CREATE TABLE shop.orders (
		id uuid PRIMARY KEY,
		email text NOT NULL CHECK (email <> ''),
		email_words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', email)) STORED,
		note text,
		total bigint NOT NULL,
		unread text,
		placed_at timestamptz NOT NULL,
		kept text UNIQUE,
		number bigint GENERATED ALWAYS AS IDENTITY
	);
	CREATE INDEX orders_email ON shop.orders (email);
	CREATE INDEX orders_unread ON shop.orders (unread);
	CREATE TABLE shop.visits (at timestamptz NOT NULL, page text NOT NULL, PRIMARY KEY (at, page)) PARTITION BY RANGE (at);
	CREATE TABLE shop.visits_1 PARTITION OF shop.visits FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
	CREATE TABLE shop.stock (item text NOT NULL);
	CREATE VIEW shop.items AS SELECT item AS name FROM shop.stock;`

const rows = `
	INSERT INTO shop.orders (id, email, total, placed_at, kept)
		SELECT gen_random_uuid(), 'a' || n, n, now(), 'k' || n FROM generate_series(1, 20000) n;
	ANALYZE;`

func template(statements string) *pgtest.Template {
	return pgtest.NewTemplate(func(ctx context.Context, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, statements, pgx.QueryExecModeSimpleProtocol)
		return err
	})
}

var (
	migrated = template(schema)
	filled   = template(schema + rows)
)

type order struct {
	ID       [16]byte `db:"id"`
	Email    string   `db:"email"`
	Note     *string  `db:"note"`
	Total    int64    `db:"total"`
	PlacedAt string   `db:"placed_at"`
}

type byEmail struct{ Email string }

type visit struct {
	Page string `db:"page"`
}

type item struct {
	Name string `db:"name"`
}

var (
	_ = sqlcheck.New(sqlcheck.Def[byEmail, order]{
		Name: "orders.by_email",
		Build: func(p byEmail) sq.Sqlizer {
			return sq.Select("id", "email", "note", "total", "placed_at::text AS placed_at").From("shop.orders").Where("email = ?", p.Email)
		},
	})
	_ = sqlcheck.New(sqlcheck.Def[byEmail, visit]{
		Name: "visits.put",
		Build: func(p byEmail) sq.Sqlizer {
			return sq.Insert("shop.visits").Columns("at", "page").Values(sq.Expr("now()"), p.Email).
				Suffix("ON CONFLICT (at, page) DO UPDATE SET page = excluded.page RETURNING page")
		},
	})
	_ = sqlcheck.New(sqlcheck.Def[sqlcheck.None, item]{
		Name:  "items.list",
		Build: func(sqlcheck.None) sq.Sqlizer { return sq.Select("name").From("shop.items") },
	})
	_ = sqlcheck.NewCopy[visit](sqlcheck.CopyDef{Name: "visits.copy", Table: "shop.visits"})
)

func databases(t *testing.T, from *pgtest.Template) mutants.Databases {
	t.Helper()
	var empty pgtest.Template
	return mutants.Databases{Server: empty.Database(t), Original: from.Database(t)}
}

func find(t *testing.T, all []mutants.Mutant, kind mutants.Kind, target string) mutants.Mutant {
	t.Helper()
	i := slices.IndexFunc(all, func(m mutants.Mutant) bool { return m.Kind == kind && m.Target == target })
	if i < 0 {
		t.Fatalf("no mutant: %s of %s", kind, target)
	}
	return all[i]
}

func TestColumnsAreCaughtByTheQueriesThatHaveThem(t *testing.T) {
	all, err := mutants.Columns(t.Context(), sqlcheck.All(), databases(t, migrated), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind   mutants.Kind
		target string
		check  mutants.Check
		named  string
	}{
		{mutants.Rename, "shop.orders.email", mutants.TypeCheck, "orders.by_email"},
		{mutants.Drop, "shop.orders.email", mutants.TypeCheck, "orders.by_email"},
		{mutants.Retype, "shop.orders.total", mutants.TypeCheck, "orders.by_email"},
		{mutants.Widen, "shop.orders.total", mutants.Snapshot, ""},
		{mutants.Null, "shop.orders.total", mutants.TypeCheck, "orders.by_email"},
		{mutants.Null, "shop.orders.id", mutants.TypeCheck, "orders.by_email"},
		{mutants.NotNull, "shop.orders.note", mutants.Snapshot, ""},
		{mutants.Rename, "shop.orders.placed_at", mutants.TypeCheck, "orders.by_email"},
		{mutants.Retype, "shop.orders.placed_at", mutants.Snapshot, ""},
		{mutants.Rename, "shop.visits.page", mutants.TypeCheck, "visits.copy visits.put"},
		{mutants.Drop, "shop.visits.at", mutants.TypeCheck, "visits.put"},
		{mutants.Null, "shop.stock.item", mutants.TypeCheck, "items.list"}, // through a view
		{mutants.Rename, "shop.orders.kept", mutants.Unused, ""},
		{mutants.Rename, "shop.orders.unread", mutants.Unused, ""},
		{mutants.Null, "shop.orders.number", mutants.Survived, ""},
		{mutants.Drop, "shop.orders.email_words", mutants.Survived, ""},
	} {
		m := find(t, all, c.kind, c.target)
		if m.Check != c.check || strings.Join(m.Named, " ") != c.named {
			t.Errorf("%s of %s: %s, %q, missed %q", c.kind, c.target, m.Check, m.Named, m.Missed)
		}
	}
}

func TestIndexesAreCaughtByPlansOrHaveAPurpose(t *testing.T) {
	var progress bytes.Buffer
	all, err := mutants.Indexes(t.Context(), sqlcheck.All(), databases(t, filled), &progress)
	if err != nil {
		t.Fatal(err)
	}
	report := mutants.Report{Mutants: all}
	if len(all) != 5 || len(report.Survivors()) != 1 || !strings.Contains(progress.String(), "5 of 5: index shop.") {
		t.Errorf("%+v\n%s", report, progress.String())
	}
	for target, check := range map[string]mutants.Check{
		"shop.orders_email": mutants.Plan, "shop.visits_pkey": mutants.Plan,
		"shop.orders_kept_key": mutants.Unused, "shop.orders_unread": mutants.Survived,
	} {
		if m := find(t, all, mutants.DropIndex, target); m.Check != check {
			t.Errorf("%s: %s, not %s: named %q, missed %q", target, m.Check, check, m.Named, m.Missed)
		}
	}
}

func only(name string) iter.Seq[sqlcheck.Definition] {
	return func(yield func(sqlcheck.Definition) bool) {
		for d := range sqlcheck.All() {
			if d.Name == name && !yield(d) {
				return
			}
		}
	}
}

func TestQueriesThatFailBeforeAreNotMutated(t *testing.T) {
	_, err := mutants.Columns(t.Context(), only("orders.by_email"), mutants.Databases{Original: (&pgtest.Template{}).Database(t)}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), `"orders.by_email"`) {
		t.Errorf("the error is %v", err)
	}
}

func TestATableCountsAndListsWhatSurvived(t *testing.T) {
	r := mutants.Report{Mutants: []mutants.Mutant{
		{Kind: mutants.Rename, Target: "shop.orders.id", Check: mutants.TypeCheck},
		{Kind: mutants.DropIndex, Target: "shop.orders_pkey", Check: mutants.Unused, Why: "primary key"},
		{Kind: mutants.Retype, Target: "shop.orders.id", Change: "uuid → text", Check: mutants.Survived, Missed: []string{"orders.list"}},
	}}
	plain, markdown := r.Table(false), r.Table(true)
	for _, part := range []string{
		"rename a column                1        1           0         0     0       0\n", "- shop.orders_pkey: primary key\n",
		"- shop.orders.id: retype a column uuid → text; named [], missed [orders.list]\n",
	} {
		if !strings.Contains(plain, part) {
			t.Errorf("no %q in\n%s", part, plain)
		}
	}
	for _, part := range []string{"|---|---:|---:|---:|---:|---:|---:|\n", "- `shop.orders_pkey`: primary key\n"} {
		if !strings.Contains(markdown, part) {
			t.Errorf("no %q in\n%s", part, markdown)
		}
	}
}

func TestOnlyWhatNoQueryUsesIsExcused(t *testing.T) {
	r := mutants.Report{Mutants: []mutants.Mutant{
		{Kind: mutants.DropIndex, Target: "shop.orders_unread", Check: mutants.Survived},
		{Kind: mutants.Retype, Target: "shop.orders.id", Check: mutants.Survived, Missed: []string{"orders.list"}},
	}}
	unneeded := r.Excuse(map[string]string{"shop.orders_unread": "a report by hand", "shop.orders.id": "none"})
	if !slices.Equal(unneeded, []string{"shop.orders.id"}) || len(r.Survivors()) != 1 || r.Mutants[0].Why != "a report by hand" {
		t.Errorf("unneeded are %q: %+v", unneeded, r.Mutants)
	}
}
