package database

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// MaxAttempts bounds how often a write that lost to others is tried.
const MaxAttempts = 6

// Read runs do, which changes nothing, and once more where its connection broke,
// since the next one may well be sound.
func Read[T any](ctx context.Context, p *Pool, do func(sqlcheck.DB) (T, error)) (T, error) {
	got, err := do(p.db)
	if readAgain(ctx, err) {
		got, err = do(p.db)
	}
	return got, Translate(ctx, err)
}

func readAgain(ctx context.Context, err error) bool {
	return err != nil && broken(err) && ctx.Err() == nil
}

// Write runs do, which is one statement. It runs again where the database undid
// it to resolve a deadlock or a conflict, and where it certainly was not sent.
// Where the connection broke on the way nobody knows whether it took effect: the
// error then says that the database is unreachable.
func Write[T any](ctx context.Context, p *Pool, do func(sqlcheck.DB) (T, error)) (T, error) {
	for attempt := 1; ; attempt++ {
		got, err := do(p.db)
		if err == nil || attempt == MaxAttempts || !repeatable(err) || !Pause(ctx, attempt) {
			return got, Translate(ctx, err)
		}
	}
}

// InTx is Write for several statements, which are one transaction.
func InTx[T any](ctx context.Context, p *Pool, do func(context.Context, sqlcheck.Tx) (T, error)) (result T, err error) {
	options := sqlcheck.TxOptions{Isolation: pgx.ReadCommitted, Retries: MaxAttempts - 1}
	err = sqlcheck.InTx(ctx, p.db, options, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		result, err = do(ctx, tx)
		return err
	})
	return result, Translate(ctx, err)
}

func repeatable(err error) bool {
	switch Code(err) {
	case SerializationFailure, DeadlockDetected:
		return true
	case "":
		return pgconn.SafeToRetry(err) && !dialing(err)
	}
	return false
}

// Pause waits at random, longer for each attempt, so that two that met do not
// meet again. It reports whether ctx allows another attempt.
func Pause(ctx context.Context, attempt int) bool {
	timer := time.NewTimer(rand.N(2 * time.Millisecond << attempt))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
