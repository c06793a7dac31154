package sqlcheck

import (
	"context"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// The tests' subject: a shop with orders.
const schema = `
	CREATE SCHEMA shop;
	CREATE TABLE shop.orders (
		id        uuid PRIMARY KEY,
		customer  text NOT NULL,
		status    text NOT NULL DEFAULT 'open',
		total     bigint NOT NULL,
		placed_at timestamptz NOT NULL,
		paid_at   timestamptz,
		tags      text[] NOT NULL DEFAULT '{}'
	);
	CREATE TABLE shop.counters (name text PRIMARY KEY, n int NOT NULL);`

var shop = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, schema)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
})

type uuid [16]byte

type status string

type listOrders struct {
	Customer   Opt[string]
	Status     Opt[status]
	Since      Opt[time.Time]
	IDs        Opt[[]uuid]
	Unpaid     bool
	Sort       string
	Limit, Min int64
}

type order struct {
	ID       uuid       `db:"id"`
	Customer string     `db:"customer"`
	Status   status     `db:"status"`
	Total    int64      `db:"total"`
	PlacedAt time.Time  `db:"placed_at"`
	PaidAt   *time.Time `db:"paid_at"`
	Tags     []string   `db:"tags"`
}

var ordersDef = Def[listOrders, order]{
	Name:  "orders.list",
	Enums: map[string][]string{"Unpaid": {"false", "true"}, "Sort": {"newest", "total"}},
	Build: func(p listOrders) sq.Sqlizer {
		b := sq.Select("id", "customer", "status", "total", "placed_at", "paid_at", "tags").
			From("shop.orders").Where("total >= ?", p.Min)
		if p.Customer.Set {
			b = b.Where("customer = ?", p.Customer.V)
		}
		if p.Status.Set {
			b = b.Where(sq.Eq{"status": p.Status.V})
		}
		if p.Since.Set {
			b = b.Where("placed_at >= ?", p.Since.V)
		}
		if p.IDs.Set {
			b = b.Where("id = ANY(?)", p.IDs.V)
		}
		if p.Unpaid {
			b = b.Where("paid_at IS NULL")
		}
		return b.OrderBy(map[string]string{"newest": "placed_at DESC, id", "total": "total, id"}[p.Sort]).
			Suffix("LIMIT ?", p.Limit)
	},
}

type orderID struct{ ID uuid }

var (
	ordersList  = New(ordersDef)
	ordersCount = New(Def[None, struct {
		N int64 `db:"n"`
	}]{
		Name:  "orders.count",
		Build: func(None) sq.Sqlizer { return sq.Select("count(*) AS n").From("shop.orders") },
	})
	ordersAdd = New(Def[order, orderRow]{
		Name: "orders.add",
		Build: func(o order) sq.Sqlizer {
			return sq.Insert("shop.orders").
				Columns("id", "customer", "status", "total", "placed_at", "paid_at", "tags").
				Values(o.ID, o.Customer, o.Status, o.Total, o.PlacedAt, o.PaidAt, o.Tags).
				Suffix("RETURNING id, status")
		},
	})
	ordersDelete = New(Def[orderID, None]{
		Name:  "orders.delete",
		Build: func(p orderID) sq.Sqlizer { return sq.Delete("shop.orders").Where("id = ?", p.ID) },
	})
	ordersCopy = NewCopy[order](CopyDef{Name: "orders.copy", Table: "shop.orders"})
)

type orderRow struct {
	ID     uuid   `db:"id"`
	Status status `db:"status"`
}

// open returns a pool on a database of the test's own. change may alter its
// configuration.
func open(t testing.TB, change ...func(*pgxpool.Config)) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(shop.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(config)
	}
	p, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// ddl runs a statement past the package.
func ddl(t testing.TB, p *pgxpool.Pool, text string) {
	t.Helper()
	if _, err := p.Exec(t.Context(), text, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// anOrder is order number n; later numbers are newer and cost more.
func anOrder(n int) order {
	return order{
		ID: uuid{15: byte(n)}, Customer: "ada", Status: "open", Total: int64(n),
		PlacedAt: noon.Add(time.Duration(n) * time.Minute), Tags: []string{"a", "b"},
	}
}

func add(t testing.TB, db DB, orders ...order) {
	t.Helper()
	for _, o := range orders {
		if _, err := ordersAdd.One(t.Context(), db, o); err != nil {
			t.Fatal(err)
		}
	}
}

func count(t testing.TB, db DB) int64 {
	t.Helper()
	c, err := ordersCount.One(t.Context(), db, None{})
	if err != nil {
		t.Fatal(err)
	}
	return c.N
}
