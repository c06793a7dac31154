package plans_test

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/plans"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// The shop has 30,000 orders, 18,000 visits in partitions of 6,000, and few
// customers.
const schema = `
	CREATE SCHEMA shop;
	CREATE TABLE shop.customers (id bigint PRIMARY KEY, name text NOT NULL, city text NOT NULL);
	CREATE TABLE shop.orders (
		id bigint PRIMARY KEY,
		customer bigint NOT NULL REFERENCES shop.customers,
		total bigint NOT NULL,
		note text,
		placed_at timestamptz NOT NULL
	);
	CREATE INDEX orders_customer ON shop.orders (customer);
	CREATE INDEX orders_newest ON shop.orders (placed_at DESC, id DESC);
	CREATE INDEX orders_note ON shop.orders (note);
	CREATE UNIQUE INDEX customers_city ON shop.customers (city, name);
	CREATE TABLE shop.visits (id bigint NOT NULL, at timestamptz NOT NULL, page text NOT NULL) PARTITION BY RANGE (at);
	CREATE INDEX visits_at ON shop.visits (at);
	CREATE TABLE shop.visits_1 PARTITION OF shop.visits FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
	CREATE TABLE shop.visits_2 PARTITION OF shop.visits FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
	CREATE TABLE shop.visits_3 PARTITION OF shop.visits FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
	CREATE VIEW shop.cities AS SELECT city FROM shop.customers;
	INSERT INTO shop.customers SELECT n, 'name ' || n, 'city ' || n FROM generate_series(1, 100) n;
	INSERT INTO shop.orders SELECT n, n % 100 + 1, n, 'note ' || n, timestamptz '2026-01-01' + n * interval '1 minute'
		FROM generate_series(1, 30000) n;
	INSERT INTO shop.visits SELECT n, timestamptz '2026-01-01' + m * interval '1 month' + n * interval '1 minute', 'home'
		FROM generate_series(1, 6000) n, generate_series(0, 2) m;
	ANALYZE;`

var shop = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	if _, err = conn.Exec(ctx, schema); err != nil {
		return err
	}
	return conn.Close(ctx)
})

func connect(t *testing.T, statements ...string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), shop.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	for _, text := range statements {
		if _, err := conn.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

type idRow struct {
	ID int64 `db:"id"`
}

func define[P any](name string, gate sqlcheck.Gate, build func(P) sq.Sqlizer) *sqlcheck.Query[P, idRow] {
	return sqlcheck.New(sqlcheck.Def[P, idRow]{Name: name, Build: build, Plan: gate})
}

func fixed(query sq.Sqlizer) func(sqlcheck.None) sq.Sqlizer {
	return func(sqlcheck.None) sq.Sqlizer { return query }
}

type byID struct{ ID int64 }

type limit struct{ Limit int64 }

type period struct{ From, To time.Time }

type search struct {
	Customer sqlcheck.Opt[int64]
	Total    sqlcheck.Opt[int64]
}

func orders() sq.SelectBuilder { return sq.Select("o.id").From("shop.orders o") }

var (
	_ = define("good.by_id", sqlcheck.Gate{}, func(p byID) sq.Sqlizer { return orders().Where("o.id = ?", p.ID) })
	_ = define("good.newest", sqlcheck.Gate{}, func(p limit) sq.Sqlizer {
		return orders().OrderBy("o.placed_at DESC", "o.id DESC").Suffix("LIMIT ?", p.Limit)
	})
	_ = define("good.period", sqlcheck.Gate{}, func(p period) sq.Sqlizer {
		return sq.Select("v.id").From("shop.visits v").Where("v.at >= ? AND v.at < ?", p.From, p.To)
	})
	_ = define("good.small", sqlcheck.Gate{}, fixed(sq.Select("c.id").From("shop.customers c").Where("c.name LIKE '%s%'").OrderBy("c.name")))
	_ = define("good.allowed", sqlcheck.Gate{
		Whole: map[string]string{"shop.orders": "an export writes every order"},
		Sort:  map[string]string{"shop.orders": "an export is sorted"},
	}, fixed(orders().OrderBy("o.total")))
	_ = define("good.schemas", sqlcheck.Gate{}, fixed(
		sq.Select("s.oid::bigint AS id").From("pg_catalog.pg_namespace s").Where("s.nspname = 'shop'")))
	_ = define("good.upsert", sqlcheck.Gate{}, func(p byID) sq.Sqlizer {
		return sq.Expr(`INSERT INTO shop.orders (id, customer, total, placed_at) VALUES (?, 1, 1, now())
			ON CONFLICT (id) DO NOTHING RETURNING id`, p.ID)
	})
	_ = sqlcheck.NewCopy[idRow](sqlcheck.CopyDef{Name: "good.copy", Table: "shop.orders"})

	_ = define("bad.scan", sqlcheck.Gate{}, func(p search) sq.Sqlizer {
		b := orders()
		if p.Customer.Set {
			b = b.Where("o.customer = ?", p.Customer.V)
		}
		if p.Total.Set {
			b = b.Where("o.total = ?", p.Total.V)
		}
		return b
	})
	_ = define("bad.walk", sqlcheck.Gate{}, func(p limit) sq.Sqlizer {
		return orders().Where("o.note <> 'gift'").OrderBy("o.placed_at DESC", "o.id DESC").Suffix("LIMIT ?", p.Limit)
	})
	_ = define("bad.sort", sqlcheck.Gate{Whole: map[string]string{"shop.orders": "all are ranked"}}, func(p limit) sq.Sqlizer {
		return orders().OrderBy("o.total").Suffix("LIMIT ?", p.Limit)
	})
	_ = define("bad.partitions", sqlcheck.Gate{}, func(p byID) sq.Sqlizer {
		return sq.Select("v.id").From("shop.visits v").Where("v.id = ?", p.ID)
	})
	_ = define("bad.cte", sqlcheck.Gate{}, func(p byID) sq.Sqlizer {
		return sq.Expr("WITH gone AS (DELETE FROM shop.orders WHERE total < ? RETURNING id) SELECT id FROM gone", p.ID)
	})
	_ = define("bad.subquery", sqlcheck.Gate{}, fixed(
		sq.Select("c.id").From("shop.customers c").Where("EXISTS (SELECT FROM shop.orders o WHERE o.total = c.id)")))
	_ = define("bad.reason", sqlcheck.Gate{
		Whole: map[string]string{"shop.visits": "they were few", "shop.customers": "they are few"},
	}, func(p byID) sq.Sqlizer { return orders().Where("o.id = ? AND true", p.ID) })
)

// only are the queries of these names; all without.
func only(names ...string) iter.Seq[sqlcheck.Definition] {
	return func(yield func(sqlcheck.Definition) bool) {
		for d := range sqlcheck.All() {
			if (len(names) == 0 || slices.Contains(names, d.Name)) && !yield(d) {
				return
			}
		}
	}
}

func check(t *testing.T, conn *pgx.Conn, names ...string) plans.Report {
	t.Helper()
	report, err := plans.Check(t.Context(), conn, only(names...), 0)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
