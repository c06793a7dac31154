package sqlcheck

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Tx is a DB within a transaction. It is valid only within the function that
// InTx gave it to.
type Tx struct{ tx link }

func (t Tx) use(_ context.Context, do func(link, bool) error) error { return do(t.tx, false) }

// TxOptions are how a transaction runs. The zero value is the database's
// default isolation, read and write, and one attempt.
type TxOptions struct {
	Isolation pgx.TxIsoLevel
	ReadOnly  bool
	// Retries is how often the transaction is run again after a serialization
	// failure (40001) or a deadlock (40P01).
	Retries int
}

// InTx runs fn in a transaction that commits when fn returns nil and rolls
// back when fn returns an error or panics. With Retries, fn may run several
// times, so it should have no other effects than those in the database.
func InTx(ctx context.Context, s Session, opts TxOptions, fn func(ctx context.Context, tx Tx) error) error {
	options := pgx.TxOptions{IsoLevel: opts.Isolation}
	if opts.ReadOnly {
		options.AccessMode = pgx.ReadOnly
	}
	return repeat(ctx, opts.Retries, func() error {
		return s.begin(ctx, options, func(tx link) error { return fn(ctx, Tx{tx}) })
	})
}

// InSavepoint runs fn as a part of a transaction that can be undone alone: after
// an error the transaction goes on without it. fn runs again, at most as often as
// retries says, after a serialization failure or a deadlock. The locks that the
// transaction took before the savepoint stay, so that a deadlock may come again.
func InSavepoint(ctx context.Context, tx Tx, retries int, fn func(ctx context.Context, tx Tx) error) error {
	return repeat(ctx, retries, func() error {
		return pgx.BeginFunc(ctx, tx.tx, func(inner pgx.Tx) error { return fn(ctx, Tx{withinAs(tx.tx, inner)}) })
	})
}

func repeat(ctx context.Context, retries int, do func() error) error {
	for attempt := 0; ; attempt++ {
		err := do()
		if err == nil || attempt == retries || !conflicts(err) {
			return err
		}
		if pauseErr := pause(ctx, attempt); pauseErr != nil {
			return fmt.Errorf("transaction: %w, while waiting to retry after: %w", pauseErr, err)
		}
	}
}

func conflicts(err error) bool {
	pg := pgError(err)
	return pg != nil && (pg.Code == "40001" || pg.Code == "40P01")
}

// pause waits at random, longer at each attempt, so that two transactions that
// met do not meet again.
func pause(ctx context.Context, attempt int) error {
	return sleep(ctx, rand.N(5*time.Millisecond<<min(attempt, 6)))
}

func pgError(err error) *pgconn.PgError {
	var pg *pgconn.PgError
	errors.As(err, &pg)
	return pg
}
