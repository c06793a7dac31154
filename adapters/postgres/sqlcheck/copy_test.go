package sqlcheck

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// produce yields n orders and then err, unless it is nil.
func produce(n int, err error) iter.Seq2[order, error] {
	return func(yield func(order, error) bool) {
		for i := range n {
			o := anOrder(i)
			o.ID = uuid{0: byte(i >> 16), 1: byte(i >> 8), 2: byte(i)}
			if i%2 == 1 {
				o.PaidAt = &noon
			}
			if !yield(o, nil) {
				return
			}
		}
		if err != nil {
			yield(order{}, err)
		}
	}
}

func TestACopyStreamsRows(t *testing.T) {
	db := Pool(open(t))
	const n = 20_000
	if written, err := ordersCopy.Send(t.Context(), db, produce(n, nil)); written != n || err != nil {
		t.Fatalf("wrote %d, %v", written, err)
	}
	got, err := ordersList.All(t.Context(), db, listOrders{Sort: "total", Limit: 2})
	if err != nil || len(got) != 2 || count(t, db) != n {
		t.Fatalf("%d of %d orders, %v", len(got), count(t, db), err)
	}
	next := 0
	for want, err := range produce(2, nil) {
		if err != nil {
			t.Fatal(err)
		}
		got[next].PlacedAt = got[next].PlacedAt.UTC()
		if got[next].PaidAt != nil {
			*got[next].PaidAt = got[next].PaidAt.UTC()
		}
		if !reflect.DeepEqual(got[next], want) {
			t.Errorf("got %v, want %v", got[next], want)
		}
		next++
	}
}

func TestACopyIsAllOrNothing(t *testing.T) {
	db := Pool(open(t))
	unreadable := errors.New("line 3 is unreadable")
	t.Run("the source's error ends it and is kept", func(t *testing.T) {
		written, err := ordersCopy.Send(t.Context(), db, produce(2, unreadable))
		if written != 0 || !errors.Is(err, unreadable) || count(t, db) != 0 {
			t.Errorf("wrote %d, %v", written, err)
		}
	})
	t.Run("the server's error ends the source and is kept", func(t *testing.T) {
		ended := false
		written, err := ordersCopy.Send(t.Context(), db, func(yield func(order, error) bool) {
			defer func() { ended = true }()
			for yield(anOrder(1), nil) {
			}
		})
		var pg *pgconn.PgError
		if written != 0 || !errors.As(err, &pg) || pg.Code != "23505" || !ended {
			t.Errorf("wrote %d, source ended: %v, %v", written, ended, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), `copy "orders.copy": `) {
			t.Errorf("the error %q does not name the copy", err)
		}
	})
	t.Run("the source's panic ends it and reaches the caller", func(t *testing.T) {
		defer func() {
			if got := recover(); got != "bug" || count(t, db) != 0 {
				t.Errorf("recovered %v", got)
			}
		}()
		_, err := ordersCopy.Send(t.Context(), db, func(yield func(order, error) bool) {
			yield(anOrder(1), nil)
			panic("bug")
		})
		t.Errorf("it returned %v", err)
	})
	t.Run("a transaction that rolls back takes it back", func(t *testing.T) {
		err := InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
			_, err := ordersCopy.Send(ctx, tx, produce(5, nil))
			return errors.Join(err, unreadable)
		})
		if !errors.Is(err, unreadable) || count(t, db) != 0 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
	})
	t.Run("a cancelled context ends it", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := ordersCopy.Send(ctx, db, func(yield func(order, error) bool) {
			for o, err := range produce(1<<24, nil) {
				cancel()
				if !yield(o, err) {
					return
				}
			}
		})
		if !errors.Is(err, context.Canceled) || count(t, db) != 0 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
	})
}

func TestAWrongCopyDefinitionIsRefused(t *testing.T) {
	tests := map[string]struct {
		define func() error
		want   string
	}{
		"a table without a schema": {
			func() error { _, err := newCopy[orderRow](CopyDef{Table: "orders"}, here()).definition(); return err },
			`table "orders" must be named with its schema`,
		},
		"no columns": {
			func() error { _, err := newCopy[None](CopyDef{Table: "shop.orders"}, here()).definition(); return err },
			"sqlcheck.None has no columns",
		},
		"a field without a column": {
			func() error {
				_, err := newCopy[orderID](CopyDef{Table: "shop.orders"}, here()).definition()
				return err
			},
			"field ID of sqlcheck.orderID needs a tag",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.define(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
