package sqlcheck

import (
	"context"
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type counter struct {
	Name string `db:"name"`
	N    int64  `db:"n"`
}

type counterName struct{ Name string }

var (
	countersGet = New(Def[counterName, counter]{
		Name: "counters.get",
		Build: func(p counterName) sq.Sqlizer {
			return sq.Select("name", "n").From("shop.counters").Where("name = ?", p.Name)
		},
	})
	countersBump = New(Def[counterName, counter]{
		Name: "counters.bump",
		Build: func(p counterName) sq.Sqlizer {
			return sq.Insert("shop.counters AS c").Columns("name", "n").Values(p.Name, sq.Expr("1")).
				Suffix("ON CONFLICT (name) DO UPDATE SET n = c.n + 1 RETURNING name, n")
		},
	})
)

const (
	wider    = "ALTER TABLE shop.counters ALTER n TYPE bigint"
	narrower = "ALTER TABLE shop.counters ALTER n TYPE int"
	forget   = "DEALLOCATE ALL" // as a pooler does that moves the connection
)

func oneConnection(c *pgxpool.Config) { c.MaxConns = 1 }

func TestAStatementThatTheServerFindsStaleIsSentOnceMore(t *testing.T) {
	p := open(t, oneConnection)
	db, name := Pool(p), counterName{"visits"}
	bump := func() (counter, error) { return countersBump.One(t.Context(), db, name) }
	if _, err := bump(); err != nil {
		t.Fatal(err)
	}
	read := func() (counter, error) { return countersGet.One(t.Context(), db, name) }
	batch := func() (counter, error) {
		var b Batch
		first, second := countersBump.Queue(&b, name), countersGet.Queue(&b, name)
		if err := b.Send(t.Context(), db); err != nil {
			return counter{}, err
		}
		if len(first.Rows) != 1 || len(second.Rows) != 1 {
			t.Errorf("%d and %d rows, want one each", len(first.Rows), len(second.Rows))
		}
		return second.Rows[0], nil
	}
	tests := []struct {
		name, change string
		run          func() (counter, error)
		want         int64
	}{
		{"a read runs", "", read, 1},
		{"a read after a change of the schema", wider, read, 1},
		{"a write after a change of the schema is executed once", narrower, bump, 2},
		{"a batch after a change of the schema is executed once", wider, batch, 3},
		{"a read after the server forgot it", forget, read, 3},
		{"a write after the server forgot it is executed once", forget, bump, 4},
		{"a batch after the server forgot it is executed once", forget, batch, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.change != "" {
				ddl(t, p, test.change)
			}
			if got, err := test.run(); err != nil || got.N != test.want {
				t.Errorf("got %v, %v, want %d", got, err, test.want)
			}
		})
	}
}

func TestAStaleStatementFailsItsTransaction(t *testing.T) {
	p := open(t, oneConnection)
	read := func(ctx context.Context, tx Tx) error {
		_, err := countersGet.All(ctx, tx, counterName{"visits"})
		return err
	}
	if err := InTx(t.Context(), Pool(p), TxOptions{}, read); err != nil {
		t.Fatal(err)
	}
	ddl(t, p, wider)
	if err := InTx(t.Context(), Pool(p), TxOptions{}, read); !stale(err) {
		t.Errorf("got %v, want the server's refusal", err)
	}
	if err := InTx(t.Context(), Pool(p), TxOptions{}, read); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
}

func TestAStaleErrorFromWithinAFunctionIsNotRepeated(t *testing.T) {
	p := open(t, oneConnection)
	ddl(t, p, `
		CREATE SEQUENCE shop.calls;
		CREATE FUNCTION shop.check_order() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			PERFORM nextval('shop.calls');
			RAISE EXCEPTION USING ERRCODE = '26000', MESSAGE = 'no such statement';
		END $$;
		CREATE TRIGGER check_order BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.check_order()`)
	if _, err := ordersAdd.One(t.Context(), Pool(p), anOrder(1)); err == nil {
		t.Error("the trigger's error is lost")
	}
	var calls int
	if err := p.QueryRow(t.Context(), "SELECT last_value FROM shop.calls").Scan(&calls); err != nil || calls != 1 {
		t.Errorf("the statement ran %d times, %v", calls, err)
	}
}

func TestACallbackIsNotCalledAgainForAnErrorOfItsOwn(t *testing.T) {
	db, calls := Pool(open(t)), 0
	add(t, db, anOrder(1))
	err := ordersList.Each(t.Context(), db, listOrders{Sort: "total", Limit: 1}, func(*order) error {
		calls++
		return &pgconn.PgError{Code: "26000"} // of another database, say
	})
	if calls != 1 || !stale(err) {
		t.Errorf("%d calls, %v", calls, err)
	}
}
