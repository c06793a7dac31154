package sqlcheck

import (
	"context"
	"errors"
	"reflect"
	"strings"
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
