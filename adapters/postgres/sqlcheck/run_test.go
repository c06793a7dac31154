package sqlcheck

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestAllFindsWhatTheFiltersSelect(t *testing.T) {
	db := Pool(open(t))
	first, second, third := anOrder(1), anOrder(2), anOrder(3)
	second.Customer, second.PaidAt, third.Status = "bob", &noon, "sent"
	add(t, db, first, second, third)
	tests := map[string]struct {
		p    listOrders
		want []order
	}{
		"everything, newest first":   {listOrders{Sort: "newest", Limit: 9}, []order{third, second, first}},
		"everything, cheapest first": {listOrders{Sort: "total", Limit: 9}, []order{first, second, third}},
		"no more than the limit":     {listOrders{Sort: "total", Limit: 1}, []order{first}},
		"one customer":               {listOrders{Sort: "total", Limit: 9, Customer: Some("bob")}, []order{second}},
		"one status":                 {listOrders{Sort: "total", Limit: 9, Status: Some(status("sent"))}, []order{third}},
		"since a time":               {listOrders{Sort: "total", Limit: 9, Since: Some(second.PlacedAt)}, []order{second, third}},
		"some ids":                   {listOrders{Sort: "total", Limit: 9, IDs: Some([]uuid{first.ID, third.ID})}, []order{first, third}},
		"no ids":                     {listOrders{Sort: "total", Limit: 9, IDs: Some([]uuid{})}, nil},
		"the unpaid":                 {listOrders{Sort: "total", Limit: 9, Unpaid: true}, []order{first, third}},
		"all at once": {listOrders{
			Sort: "newest", Limit: 9, Unpaid: true, Min: 3, Customer: Some("ada"),
			Status: Some(status("sent")), Since: Some(noon), IDs: Some([]uuid{third.ID}),
		}, []order{third}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ordersList.All(t.Context(), db, test.p)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i].PlacedAt = got[i].PlacedAt.UTC()
				if got[i].PaidAt != nil {
					*got[i].PaidAt = got[i].PaidAt.UTC()
				}
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAnUnlistedEnumValueIsRefused(t *testing.T) {
	_, err := ordersList.All(t.Context(), Pool(open(t)), listOrders{Sort: "total; DROP TABLE", Limit: 1})
	want := `query "orders.list": Sort is "total; DROP TABLE", which is none of ["newest" "total"]`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

var ordersByCustomer = New(Def[struct{ Customer string }, orderRow]{
	Name: "orders.by_customer",
	Build: func(p struct{ Customer string }) sq.Sqlizer {
		return sq.Select("id", "status").From("shop.orders").Where("customer = ?", p.Customer)
	},
})

func TestOneWantsOneRow(t *testing.T) {
	db := Pool(open(t))
	bob := anOrder(3)
	bob.Customer = "bob"
	add(t, db, anOrder(1), anOrder(2), bob)
	tests := map[string]struct {
		customer string
		want     orderRow
		err      error
	}{
		"one row is returned":         {"bob", orderRow{bob.ID, "open"}, nil},
		"no row is an error":          {"eve", orderRow{}, pgx.ErrNoRows},
		"more than one row, likewise": {"ada", orderRow{}, pgx.ErrTooManyRows},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ordersByCustomer.One(t.Context(), db, struct{ Customer string }{test.customer})
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %v, %v, want %v, %v", got, err, test.want, test.err)
			}
			if err != nil && !strings.HasPrefix(err.Error(), `query "orders.by_customer": `) {
				t.Errorf("the error %q does not name the query", err)
			}
		})
	}
}

type numbers struct{ To int64 }

type number struct {
	N    int64  `db:"n"`
	Even *int64 `db:"even"`
}

var series = New(Def[numbers, number]{
	Name: "series",
	Build: func(p numbers) sq.Sqlizer {
		return sq.Select("n", "CASE WHEN n % 2 = 0 THEN n END AS even").
			FromSelect(sq.Select("n").From("generate_series(1, 1000000) AS n"), "s").
			Where("n <= ?", p.To).OrderBy("n")
	},
})

func TestEachStreams(t *testing.T) {
	db := Pool(open(t))
	t.Run("every row comes once, and NULL leaves nothing of the row before", func(t *testing.T) {
		next := int64(1)
		err := series.Each(t.Context(), db, numbers{1000}, func(r *number) error {
			if r.N != next || (r.Even != nil) != (r.N%2 == 0) {
				t.Errorf("row %d is %+v", next, r)
			}
			next++
			return nil
		})
		if err != nil || next != 1001 {
			t.Errorf("%d rows, %v", next-1, err)
		}
	})
	t.Run("the callback's error ends it and is kept", func(t *testing.T) {
		full, calls := errors.New("disk full"), 0
		err := series.Each(t.Context(), db, numbers{1000}, func(*number) error {
			calls++
			return full
		})
		if !errors.Is(err, full) || calls != 1 {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
	t.Run("a cancelled context ends it and is kept", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := series.Each(ctx, db, numbers{1_000_000}, func(*number) error {
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestExecCountsRows(t *testing.T) {
	db := Pool(open(t))
	add(t, db, anOrder(1))
	for i, want := range []int64{1, 0} {
		if got, err := ordersDelete.Exec(t.Context(), db, orderID{anOrder(1).ID}); got != want || err != nil {
			t.Errorf("delete %d affected %d, %v; want %d", i, got, err, want)
		}
	}
}

func TestServerErrorsKeepTheirCause(t *testing.T) {
	db := Pool(open(t))
	add(t, db, anOrder(1))
	_, err := ordersAdd.One(t.Context(), db, anOrder(1))
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "23505" || pg.ConstraintName != "orders_pkey" {
		t.Errorf("got %v", err)
	}
	if count(t, db) != 1 {
		t.Error("the refused order was added")
	}
}

func TestErrorsBeforeSendingKeepTheirCause(t *testing.T) {
	p := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	if _, err := ordersCount.One(ctx, Pool(p), None{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

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
