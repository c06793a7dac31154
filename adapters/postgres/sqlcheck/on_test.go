package sqlcheck

import (
	"context"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
)

type mixedName struct{ Name string }

type mixedRow struct {
	N int32 `db:"n"`
}

var (
	mixedAdd = New(Def[mixedName, None]{
		Name: "mixed.add",
		Build: func(p mixedName) sq.Sqlizer {
			return sq.Insert("shop.counters").Columns("name", "n").Values(p.Name, sq.Expr("1"))
		},
	})
	mixedOne = New(Def[mixedName, mixedRow]{
		Name:  "mixed.one",
		Build: func(p mixedName) sq.Sqlizer { return sq.Select("n").From("shop.counters").Where("name = ?", p.Name) },
	})
)

// querier has no more methods than On needs.
type querier struct{ Querier }

func TestQueriesRunOnWhateverOtherCodeHas(t *testing.T) {
	pool := open(t)
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	for name, x := range map[string]Querier{
		"pool": pool, "its connection": conn, "connection": conn.Conn(), "transaction": tx, "interface": querier{tx},
	} {
		db := On(x)
		if n, err := mixedAdd.Exec(t.Context(), db, mixedName{name}); err != nil || n != 1 {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
		if c, err := mixedOne.One(t.Context(), db, mixedName{name}); err != nil || c.N != 1 {
			t.Errorf("%s: got %v, %v", name, c, err)
		}
	}
}

// One transaction has statements of both kinds: they see each other's writes, and
// are rolled back together.
func TestATransactionMixesCheckedAndOtherCode(t *testing.T) {
	pool := open(t)
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := func(tx pgx.Tx, name string) {
		if _, err := tx.Exec(t.Context(), "UPDATE shop.counters SET n = n + 1 WHERE name = $1", name); err != nil {
			t.Error(err)
		}
	}
	if _, err := mixedAdd.Exec(t.Context(), On(tx), mixedName{"mixed"}); err != nil {
		t.Fatal(err)
	}
	other(tx, "mixed")
	if c, err := mixedOne.One(t.Context(), On(tx), mixedName{"mixed"}); err != nil || c.N != 2 {
		t.Errorf("got %v, %v", c, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := mixedOne.One(t.Context(), On(pool), mixedName{"mixed"}); err == nil {
		t.Error("the rolled back row is there")
	}
	for limits, session := range map[string]Session{
		"no limits": Pool(pool),
		"limits": Guarded(Pool(pool), func(context.Context) (Limits, func(), error) {
			return Limits{Statement: 1e9}, func() {}, nil
		}),
	} {
		err := InTx(t.Context(), session, TxOptions{}, func(ctx context.Context, tx Tx) error {
			_, err := mixedAdd.Exec(ctx, tx, mixedName{limits})
			other(tx.Unwrap(), limits)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if c, err := mixedOne.One(t.Context(), On(pool), mixedName{limits}); err != nil || c.N != 2 {
			t.Errorf("%s: got %v, %v", limits, c, err)
		}
	}
}

func TestOtherCodeSendsTheTextItself(t *testing.T) {
	pool := open(t)
	text, args, err := mixedAdd.SQL(mixedName{"sent"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), text, args...); err != nil {
		t.Fatal(err)
	}
	if name, known := NameOf(text); !known || name != "mixed.add" {
		t.Errorf("the text is of %q", name)
	}
	var n int32
	text, args, err = mixedOne.SQL(mixedName{"sent"})
	if err == nil {
		err = pool.QueryRow(t.Context(), text, args...).Scan(&n)
	}
	if err != nil || n != 1 {
		t.Errorf("got %d, %v", n, err)
	}
	_, _, err = ordersList.SQL(listOrders{Sort: "wrong"})
	if err == nil || !strings.Contains(err.Error(), `query "orders.list": Sort is "wrong"`) {
		t.Error(err)
	}
}

func TestAMissingMethodIsNamed(t *testing.T) {
	db := On(querier{open(t)})
	var batch Batch
	mixedAdd.Queue(&batch, mixedName{"batch"})
	err := batch.Send(t.Context(), db)
	const want = "batch of 1: sqlcheck.querier has no method SendBatch, which batches and queries with Replan need: add it"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

// A stale statement is sent again on a connection, but not where its owner has
// started a transaction, which the error has ended.
func TestALentConnectionKnowsItsTransaction(t *testing.T) {
	pool := open(t)
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	alone := func() (alone bool) {
		err := On(conn).use(t.Context(), func(_ link, a bool) error { alone = a; return nil })
		if err != nil {
			t.Error(err)
		}
		return alone
	}
	if !alone() {
		t.Error("an idle connection is in a transaction")
	}
	if _, err := conn.Exec(t.Context(), "BEGIN"); err != nil {
		t.Fatal(err)
	}
	if alone() {
		t.Error("a connection in a transaction is idle")
	}
	if _, err := conn.Exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
}
