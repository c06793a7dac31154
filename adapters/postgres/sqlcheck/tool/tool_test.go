package tool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
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

// report is what Main writes, by the queries' names.
func report(t *testing.T, args ...string) map[string]tool.Query {
	t.Helper()
	var out bytes.Buffer
	if err := tool.Main(t.Context(), &out, args); err != nil {
		t.Fatal(err)
	}
	var r tool.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Error != "" {
		t.Fatal(err, r.Error)
	}
	byName := map[string]tool.Query{}
	for _, q := range r.Queries {
		byName[q.Lock.Name] = q
	}
	return byName
}

func TestDefinitionsAreListedWithoutADatabase(t *testing.T) {
	q := report(t)["orders.list"]
	if !strings.HasSuffix(q.File, "tool_test.go") || q.Line == 0 || len(q.Findings) > 0 {
		t.Errorf("got %+v", q)
	}
	var variants []string
	for _, s := range q.Lock.Statements {
		variants = append(variants, strings.Join(s.Variants, "|"))
	}
	if want := []string{"", "Again", "Total|Total Again"}; !slices.Equal(variants, want) {
		t.Errorf("the variants are %q", variants)
	}
	row := lock.Row{Package: "github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool_test", Type: "order"}
	if q.Lock.Row.Package != row.Package || q.Lock.Row.Type != row.Type || q.Lock.Row.Flat || len(q.Lock.Row.Fields) != 3 {
		t.Errorf("the row is %+v", q.Lock.Row)
	}
}

func TestDefinitionsAreJudgedOnADatabase(t *testing.T) {
	queries := report(t, shop.Database(t))
	q := queries["orders.list"]
	if len(q.Findings) != 1 || q.Findings[0].Subject != "total" || q.Findings[0].Want != "int64" || q.Findings[0].Variants != 4 {
		// The parameter of a smaller type is fine: each int32 is a bigint.
		t.Errorf("the findings are %+v", q.Findings)
	}
	want := []lock.Field{
		{Name: "ID", Go: "[16]uint8", Column: "id", Postgres: "uuid"},
		{Name: "Total", Go: "int32", Column: "total", Postgres: "bigint"},
		{Name: "Note", Go: "*string", Column: "note", Postgres: "text", Nullable: true},
	}
	if !slices.Equal(q.Lock.Row.Fields, want) {
		t.Errorf("the row is %+v", q.Lock.Row.Fields)
	}
	if args := q.Lock.Statements[2].Args; !slices.Equal(args, []lock.Arg{{Field: "Total", Postgres: "bigint"}}) {
		t.Errorf("the arguments are %+v", args)
	}
	if f := queries["orders.copy"].Lock.Row.Fields; f[1].Postgres != "bigint" {
		t.Errorf("the copy's row is %+v", f)
	}
	wrong := queries["orders.wrong"].Findings
	if len(wrong) != 1 || wrong[0].Kind != describe.UndefinedColumn || wrong[0].Name != "o.gone" || wrong[0].Relations[0].Name != "shop.orders" {
		t.Errorf("the findings are %+v", wrong)
	}
}

func TestADatabaseThatIsNotThereIsReported(t *testing.T) {
	var out bytes.Buffer
	if err := tool.Main(t.Context(), &out, []string{"postgres://localhost:1/x"}); err != nil {
		t.Fatal(err)
	}
	var r tool.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Error == "" || r.Queries != nil {
		t.Errorf("got %+v, %v", r, err)
	}
}
