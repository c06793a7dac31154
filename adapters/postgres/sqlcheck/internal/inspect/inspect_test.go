package inspect_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

type identity struct {
	ID [16]byte `db:"id"`
}

type order struct {
	identity
	Total int32   `db:"total"`
	Note  *string `db:"note"`
}

type list struct {
	Total sqlcheck.Opt[int32]
	Again bool
}

var (
	_ = sqlcheck.New(sqlcheck.Def[list, order]{
		Name:  "orders.list",
		Enums: map[string][]string{"Again": {"false", "true"}},
		Build: func(p list) sq.Sqlizer {
			b := sq.Select("id", "total", "note").From("shop.orders")
			if p.Total.Set {
				b = b.Where("total = ?", p.Total.V)
			} else if p.Again {
				b = b.OrderBy("id")
			}
			return b
		},
	})
	_ = sqlcheck.NewCopy[order](sqlcheck.CopyDef{Name: "orders.copy", Table: "shop.orders"})
	_ = sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
		Name: "orders.wrong", Build: func(sqlcheck.None) sq.Sqlizer { return sq.Delete("shop.orders o").Where("o.gone IS NULL") },
	})
)

var shop = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE SCHEMA shop; CREATE TABLE shop.orders (id uuid NOT NULL, total bigint NOT NULL, note text)")
	return err
})

// queries are the registered queries by name.
func queries(t *testing.T, url string) map[string]inspect.Query {
	t.Helper()
	all, err := inspect.Queries(t.Context(), sqlcheck.All(), url)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]inspect.Query{}
	for _, q := range all {
		byName[q.Snapshot.Name] = q
	}
	return byName
}

func TestDefinitionsAreListedWithoutADatabase(t *testing.T) {
	q := queries(t, "")["orders.list"]
	if !strings.HasSuffix(q.File, "inspect_test.go") || q.Line == 0 || len(q.Findings) > 0 {
		t.Errorf("got %+v", q)
	}
	var variants []string
	for _, s := range q.Snapshot.Statements {
		variants = append(variants, strings.Join(s.Variants, "|"))
	}
	if want := []string{"", "Again", "Total|Total Again"}; !slices.Equal(variants, want) {
		t.Errorf("the variants are %q", variants)
	}
	row := snapshot.Row{Package: "github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect_test", Type: "order"}
	if q.Snapshot.Row.Package != row.Package || q.Snapshot.Row.Type != row.Type || q.Snapshot.Row.Flat || len(q.Snapshot.Row.Fields) != 3 {
		t.Errorf("the row is %+v", q.Snapshot.Row)
	}
}

func TestDefinitionsAreTypeCheckedOnADatabase(t *testing.T) {
	all := queries(t, shop.Database(t))
	q := all["orders.list"]
	if len(q.Findings) != 1 || q.Findings[0].Subject != "total" || q.Findings[0].Want != "int64" || q.Findings[0].Variants != 4 {
		// The parameter of a smaller type is fine: each int32 is a bigint.
		t.Errorf("the findings are %+v", q.Findings)
	}
	want := []snapshot.Field{
		{Name: "ID", Go: "[16]uint8", Column: "id", Postgres: "uuid"},
		{Name: "Total", Go: "int32", Column: "total", Postgres: "bigint"},
		{Name: "Note", Go: "*string", Column: "note", Postgres: "text", Nullable: true},
	}
	if !slices.Equal(q.Snapshot.Row.Fields, want) {
		t.Errorf("the row is %+v", q.Snapshot.Row.Fields)
	}
	if args := q.Snapshot.Statements[2].Args; !slices.Equal(args, []snapshot.Arg{{Field: "Total", Postgres: "bigint"}}) {
		t.Errorf("the arguments are %+v", args)
	}
	if f := all["orders.copy"].Snapshot.Row.Fields; f[1].Postgres != "bigint" {
		t.Errorf("the copy's row is %+v", f)
	}
	wrong := all["orders.wrong"].Findings
	if len(wrong) != 1 || wrong[0].Kind != describe.UndefinedColumn || wrong[0].Name != "o.gone" ||
		wrong[0].Relations[0].Name != "shop.orders" {
		t.Errorf("the findings are %+v", wrong)
	}
}

func TestADatabaseThatIsNotThereIsReported(t *testing.T) {
	all, err := inspect.Queries(t.Context(), sqlcheck.All(), "postgres://localhost:1/x")
	if err == nil || all != nil {
		t.Errorf("got %+v, %v", all, err)
	}
	if _, err := inspect.Plans(t.Context(), sqlcheck.All(), "postgres://localhost:1/x"); err == nil {
		t.Error("plans are checked")
	}
}
