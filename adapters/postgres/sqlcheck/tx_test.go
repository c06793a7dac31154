package sqlcheck

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestATransactionIsAllOrNothing(t *testing.T) {
	db := Pool(open(t))
	refused := errors.New("refused")
	insert := func(ctx context.Context, tx Tx, n int) error {
		_, err := ordersAdd.One(ctx, tx, anOrder(n))
		return err
	}
	t.Run("it commits on nil", func(t *testing.T) {
		err := InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
			return errors.Join(insert(ctx, tx, 1), insert(ctx, tx, 2))
		})
		if err != nil || count(t, db) != 2 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
	})
	t.Run("it rolls back on an error, which is kept", func(t *testing.T) {
		err := InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
			return errors.Join(insert(ctx, tx, 3), refused)
		})
		if !errors.Is(err, refused) || count(t, db) != 2 {
			t.Errorf("%d orders, %v", count(t, db), err)
		}
	})
	t.Run("it rolls back on a panic", func(t *testing.T) {
		defer func() {
			if recover() == nil || count(t, db) != 2 {
				t.Errorf("%d orders", count(t, db))
			}
		}()
		_ = InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
			if err := insert(ctx, tx, 3); err != nil {
				t.Error(err)
			}
			panic("bug")
		})
	})
	t.Run("a read-only one refuses writes", func(t *testing.T) {
		err := InTx(t.Context(), db, TxOptions{ReadOnly: true}, func(ctx context.Context, tx Tx) error {
			return insert(ctx, tx, 3)
		})
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "25006" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a commit that fails is an error", func(t *testing.T) {
		err := InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
			_ = insert(ctx, tx, 1) // a duplicate, ignored
			return nil
		})
		if !errors.Is(err, pgx.ErrTxCommitRollback) {
			t.Errorf("got %v", err)
		}
	})
}

// meet runs two transactions that read before either writes, so that one of
// them can't be serialized, and returns how often they ran and their errors.
func meet(t *testing.T, db Session, retries int) (runs int, err error) {
	t.Helper()
	var mu sync.Mutex
	var first, all sync.WaitGroup
	first.Add(2)
	errs := make([]error, 2)
	opts := TxOptions{Isolation: pgx.Serializable, Retries: retries}
	for i := range 2 {
		attempts := 0
		all.Go(func() {
			errs[i] = InTx(t.Context(), db, opts, func(ctx context.Context, tx Tx) error {
				mu.Lock()
				runs++
				mu.Unlock()
				if _, err := ordersCount.One(ctx, tx, None{}); err != nil {
					return err
				}
				if attempts++; attempts == 1 {
					first.Done()
					first.Wait()
				}
				_, err := ordersAdd.One(ctx, tx, anOrder(i))
				return err
			})
		})
	}
	all.Wait()
	return runs, errors.Join(errs...)
}

func TestSerializationFailuresAreRetriedOnRequest(t *testing.T) {
	t.Run("without retries one of two fails", func(t *testing.T) {
		db := Pool(open(t))
		if runs, err := meet(t, db, 0); runs != 2 || !conflicts(err) || count(t, db) != 1 {
			t.Errorf("%d runs, %d orders, %v", runs, count(t, db), err)
		}
	})
	t.Run("with retries both succeed", func(t *testing.T) {
		db := Pool(open(t))
		if runs, err := meet(t, db, 5); runs < 3 || err != nil || count(t, db) != 2 {
			t.Errorf("%d runs, %d orders, %v", runs, count(t, db), err)
		}
	})
}

func TestRetriesAreBounded(t *testing.T) {
	db := Pool(open(t))
	tests := map[string]struct {
		code string
		runs int
	}{
		"a serialization failure is retried": {"40001", 3},
		"a deadlock is retried":              {"40P01", 3},
		"another error is not":               {"23505", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			runs, cause := 0, &pgconn.PgError{Code: test.code}
			err := InTx(t.Context(), db, TxOptions{Retries: 2}, func(context.Context, Tx) error {
				runs++
				return cause
			})
			if runs != test.runs || !errors.Is(err, cause) {
				t.Errorf("%d runs, %v", runs, err)
			}
		})
	}
}

func TestASavepointIsUndoneAndRepeatedAlone(t *testing.T) {
	for code, want := range map[string]int{"40001": 3, "40P01": 3, "23505": 1} {
		t.Run(code, func(t *testing.T) {
			db := Pool(open(t))
			runs, cause := 0, &pgconn.PgError{Code: code}
			err := InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, tx Tx) error {
				if _, err := ordersAdd.One(ctx, tx, anOrder(1)); err != nil {
					return err
				}
				err := InSavepoint(ctx, tx, 2, func(ctx context.Context, tx Tx) error {
					runs++
					_, err := ordersAdd.One(ctx, tx, anOrder(2))
					return errors.Join(err, cause)
				})
				if !errors.Is(err, cause) {
					t.Errorf("the savepoint ends with %v", err)
				}
				return InSavepoint(ctx, tx, 0, func(ctx context.Context, tx Tx) error {
					_, err := ordersAdd.One(ctx, tx, anOrder(3))
					return err
				})
			})
			if runs != want || err != nil || count(t, db) != 2 {
				t.Errorf("%d runs, %d orders, %v", runs, count(t, db), err)
			}
		})
	}
}

func TestTheContextEndsRetries(t *testing.T) {
	db := Pool(open(t))
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	runs, cause := 0, &pgconn.PgError{Code: "40001"}
	err := InTx(ctx, db, TxOptions{Retries: 1 << 20}, func(context.Context, Tx) error {
		if runs++; runs == 3 {
			cancel(nil)
		}
		return cause
	})
	if runs != 3 || !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
		t.Errorf("%d runs, %v", runs, err)
	}
}

func TestATransactionOnAHeldConnectionEndsWithIt(t *testing.T) {
	p := open(t, oneConnection)
	err := Hold(t.Context(), Pool(p), func(ctx context.Context, s Session) error {
		return Hold(ctx, s, func(ctx context.Context, s Session) error { // still the only connection
			return InTx(ctx, s, TxOptions{}, func(ctx context.Context, tx Tx) error {
				_, err := ordersAdd.One(ctx, tx, anOrder(1))
				return err
			})
		})
	})
	if err != nil || count(t, Pool(p)) != 1 {
		t.Errorf("%d orders, %v", count(t, Pool(p)), err)
	}
}
