package postgres

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// mostAttempts bounds how often a write that lost to others is tried.
const mostAttempts = 6

// read runs do, which changes nothing, and once more where its connection
// broke, since the next one may well be sound.
func read[T any](ctx context.Context, d *Database, do func(sqlcheck.DB) (T, error)) (T, error) {
	got, err := do(d.db)
	if err != nil && broken(err) && ctx.Err() == nil {
		got, err = do(d.db)
	}
	return got, translate(ctx, err)
}

// write runs do, which is one statement. It is run again where the database
// undid it to resolve a deadlock or a conflict, and where it certainly was not
// sent. Where the connection broke under way nobody knows whether it took
// effect, so the caller hears of that.
func write[T any](ctx context.Context, d *Database, do func(sqlcheck.DB) (T, error)) (T, error) {
	for attempt := 1; ; attempt++ {
		got, err := do(d.db)
		if err == nil || attempt == mostAttempts || !repeatable(err) || !pause(ctx, attempt) {
			return got, translate(ctx, err)
		}
	}
}

// writeTx is write for several statements, which are one transaction.
func writeTx[T any](ctx context.Context, d *Database, do func(context.Context, sqlcheck.Tx) (T, error)) (result T, err error) {
	options := sqlcheck.TxOptions{Isolation: pgx.ReadCommitted, Retries: mostAttempts - 1}
	err = sqlcheck.InTx(ctx, d.db, options, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		result, err = do(ctx, tx)
		return err
	})
	return result, translate(ctx, err)
}

func repeatable(err error) bool {
	switch code(err) {
	case serializationFailure, deadlockDetected:
		return true
	case "":
		return pgconn.SafeToRetry(err) && !dialing(err)
	}
	return false
}

// pause waits at random, longer each time, so that two that met do not meet
// again. It reports whether ctx allows another attempt.
func pause(ctx context.Context, attempt int) bool {
	timer := time.NewTimer(rand.N(2 * time.Millisecond << attempt))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
