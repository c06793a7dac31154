package sqlcheck

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestColumnsAndFieldsMustAgree(t *testing.T) {
	db := Pool(open(t))
	type p = struct{}
	columns := func(names ...string) func(p) sq.Sqlizer {
		return func(p) sq.Sqlizer { return sq.Select(names...).From("shop.orders") }
	}
	tests := map[string]struct {
		build func(p) sq.Sqlizer
		want  []string
	}{
		"a column without a field": {columns("id", "status", "total"), []string{
			`column "total" has no field in sqlcheck.orderRow`,
		}},
		"a field without a column": {columns("id"), []string{
			`field Status of sqlcheck.orderRow has no column "status" in the result`,
		}},
		"a renamed column is both": {columns("id", "status AS state"), []string{
			`column "state" has no field`, `field Status of sqlcheck.orderRow has no column`,
		}},
		"a column twice": {columns("id", "status", "customer AS id"), []string{`column "id" comes twice`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := define(Def[p, orderRow]{Name: "drifted", Build: test.build})
			if err != nil {
				t.Fatal(err)
			}
			_, err = q.All(t.Context(), db, p{})
			for _, want := range append(test.want, `query "drifted": `) {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %s", err, want)
				}
			}
		})
	}
}

type document struct {
	JSON  json.RawMessage `db:"json"`
	Bytes []byte          `db:"bytes"`
	Texts []string        `db:"texts"`
	Reuse reused          `db:"reuse"`
}

// reused scans into the memory that it has.
type reused []byte

func (r *reused) Scan(value any) error {
	*r = append((*r)[:0], value.(string)...)
	return nil
}

var documents = New(Def[struct{ N int64 }, document]{
	Name: "documents",
	Build: func(p struct{ N int64 }) sq.Sqlizer {
		return sq.Select("to_json(n) AS json", "n::text::bytea AS bytes", "ARRAY[n::text] AS texts", "n::text AS reuse").
			From("generate_series(1, 9) AS n").Where("n <= ?", p.N).OrderBy("n")
	},
})

func TestRowsShareNoMemory(t *testing.T) {
	got, err := documents.All(t.Context(), Pool(open(t)), struct{ N int64 }{2})
	want := []document{
		{[]byte("1"), []byte("1"), []string{"1"}, reused("1")},
		{[]byte("2"), []byte("2"), []string{"2"}, reused("2")},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestTheScanPlanFollowsTheColumns(t *testing.T) {
	cols, err := columnsOf(reflect.TypeFor[orderRow]())
	if err != nil {
		t.Fatal(err)
	}
	var v variant
	for _, names := range [][]string{{"id", "status"}, {"status", "id"}, {"status", "id"}} {
		plan, err := cols.plan(&v, []pgconn.FieldDescription{{Name: names[0]}, {Name: names[1]}})
		if err != nil {
			t.Fatal(err)
		}
		var row orderRow
		for i, target := range plan.targets(reflect.ValueOf(&row).Elem()) {
			if want := map[string]any{"id": &row.ID, "status": &row.Status}[names[i]]; target != want {
				t.Errorf("column %s of %v goes to %T", names[i], names, target)
			}
		}
	}
}

func TestAQueryServesManyAtOnce(t *testing.T) {
	db := Pool(open(t))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			want := anOrder(i)
			added, err := ordersAdd.One(t.Context(), db, want)
			if err != nil || added.ID != want.ID {
				t.Errorf("added %v, %v", added, err)
			}
			p := listOrders{Sort: "total", Limit: 9, IDs: Some([]uuid{want.ID})}
			if got, err := ordersList.All(t.Context(), db, p); err != nil || len(got) != 1 || got[0].ID != want.ID {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	all.Wait()
}

func TestAPanicInACallbackGivesTheConnectionBack(t *testing.T) {
	p := open(t, oneConnection)
	db := Pool(p)
	func() {
		defer func() {
			if got := recover(); got != "bug" {
				t.Errorf("recovered %v", got)
			}
		}()
		_ = series.Each(t.Context(), db, numbers{3}, func(*number) error { panic("bug") })
	}()
	if p.Stat().AcquiredConns() != 0 || count(t, db) != 0 {
		t.Error("the connection is still taken")
	}
}
