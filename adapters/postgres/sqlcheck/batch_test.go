package sqlcheck

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestABatchRunsInOrder(t *testing.T) {
	db := Pool(open(t))
	var b Batch
	before := ordersCount.Queue(&b, None{})
	ordersAdd.Queue(&b, anOrder(1))
	added := ordersAdd.Queue(&b, anOrder(2))
	between := ordersCount.Queue(&b, None{})
	deleted := ordersDelete.Queue(&b, orderID{anOrder(1).ID})
	listed := ordersList.Queue(&b, listOrders{Sort: "newest", Limit: 9})
	if err := b.Send(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if before.Rows[0].N != 0 || between.Rows[0].N != 2 {
		t.Errorf("counts are %v and %v, want 0 and 2", before.Rows, between.Rows)
	}
	if len(added.Rows) != 1 || added.Rows[0] != (orderRow{anOrder(2).ID, "open"}) {
		t.Errorf("added %v", added.Rows)
	}
	if deleted.Affected != 1 || len(listed.Rows) != 1 || listed.Rows[0].ID != anOrder(2).ID {
		t.Errorf("deleted %d, left %v", deleted.Affected, listed.Rows)
	}
}

func TestABatchIsAllOrNothing(t *testing.T) {
	db := Pool(open(t))
	add(t, db, anOrder(1))
	t.Run("outside a transaction it is one", func(t *testing.T) {
		var b Batch
		ordersAdd.Queue(&b, anOrder(2))
		ordersAdd.Queue(&b, anOrder(1)) // a duplicate
		err := b.Send(t.Context(), db)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "23505" || count(t, db) != 1 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), `batch of 2: query "orders.add": `) {
			t.Errorf("the error %q does not name the query", err)
		}
	})
	t.Run("in a transaction it belongs to it", func(t *testing.T) {
		refused := errors.New("refused")
		err := InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
			var b Batch
			ordersAdd.Queue(&b, anOrder(2))
			return errors.Join(b.Send(ctx, tx), refused)
		})
		if !errors.Is(err, refused) || count(t, db) != 1 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
	})
}

func TestABatchRefusesMisuse(t *testing.T) {
	db := Pool(open(t))
	t.Run("wrong parameters, before anything is sent", func(t *testing.T) {
		var b Batch
		ordersAdd.Queue(&b, anOrder(1))
		ordersList.Queue(&b, listOrders{Sort: "random"})
		if err := b.Send(t.Context(), db); err == nil || !strings.Contains(err.Error(), `query "orders.list": Sort`) {
			t.Errorf("got %v", err)
		}
		if count(t, db) != 0 {
			t.Error("an order was added")
		}
	})
	t.Run("a second sending", func(t *testing.T) {
		var b Batch
		ordersAdd.Queue(&b, anOrder(1))
		if err := b.Send(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if err := b.Send(t.Context(), db); err == nil || count(t, db) != 1 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
	})
	t.Run("but nothing to send is no error", func(t *testing.T) {
		var b Batch
		if err := b.Send(t.Context(), db); err != nil {
			t.Error(err)
		}
	})
}
