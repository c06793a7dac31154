package database

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// MaxAttempts is how often a write is tried that loses conflicts with others.
const MaxAttempts = 6

// Read runs do, which changes nothing. If the connection broke, it runs do once
// more, with another connection. If do has to wait for a lock, it runs again in the
// class Waiting, unless it is in a batch.
func Read[T any](ctx context.Context, p *Pool, do func(sqlcheck.DB) (T, error)) (T, error) {
	got, err := do(p.reads)
	if again, ok := p.again(ctx, err); ok {
		got, err = do(again)
	}
	return got, Translate(ctx, err)
}

// Snapshot is Read for several statements, which see one moment.
func Snapshot[T any](ctx context.Context, p *Pool, do func(context.Context, sqlcheck.Tx) (T, error)) (T, error) {
	run := func(s sqlcheck.Session) (result T, err error) {
		options := sqlcheck.TxOptions{Isolation: pgx.RepeatableRead, ReadOnly: true}
		err = sqlcheck.InTx(ctx, s, options, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
			result, err = do(ctx, tx)
			return err
		})
		return result, err
	}
	got, err := run(p.reads)
	if again, ok := p.again(ctx, err); ok {
		got, err = run(again)
	}
	return got, Translate(ctx, err)
}

// again is where a read that failed runs again, if it does.
func (p *Pool) again(ctx context.Context, err error) (where sqlcheck.Session, ok bool) {
	switch {
	case err == nil:
		return nil, false
	case readAgain(ctx, err):
		return p.reads, true
	}
	return p.waiting, batch.Requests(ctx) == 0 && gaveUp(ctx, err, false)
}

func readAgain(ctx context.Context, err error) bool {
	return err != nil && broken(err) && ctx.Err() == nil
}

// Write runs do, which is one statement. It runs do again if the database rolled it
// back because of a deadlock or a conflict, or if it was certainly not sent. If the
// connection broke, the effect of the statement is unknown, and the error says that
// the database is unreachable. If do has to wait for a lock or takes long, it runs
// again in the class Waiting, unless it is in a batch. What await is given runs before
// that: it may wait where do would hold other locks meanwhile.
func Write[T any](ctx context.Context, p *Pool, do func(sqlcheck.DB) (T, error), await ...Await) (T, error) {
	return write(ctx, p, await, func(s sqlcheck.Session) (T, error) {
		for attempt := 1; ; attempt++ {
			got, err := do(s)
			if err == nil || attempt == MaxAttempts || !repeatable(err) || !Pause(ctx, attempt) {
				return got, err
			}
		}
	})
}

// InTx is Write for several statements, which are one transaction.
func InTx[T any](ctx context.Context, p *Pool, do func(context.Context, sqlcheck.Tx) (T, error), await ...Await) (T, error) {
	return write(ctx, p, await, func(s sqlcheck.Session) (result T, err error) {
		options := sqlcheck.TxOptions{Isolation: pgx.ReadCommitted, Retries: MaxAttempts - 1}
		err = sqlcheck.InTx(ctx, s, options, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
			result, err = do(ctx, tx)
			return err
		})
		return result, err
	})
}

// Await waits until what a write needs is free, and leaves it so.
type Await func(context.Context, sqlcheck.DB) error

func write[T any](ctx context.Context, p *Pool, await []Await, do func(sqlcheck.Session) (T, error)) (T, error) {
	got, err := do(p.writes)
	if batch.Requests(ctx) > 0 {
		return got, Translate(ctx, err)
	}
	for attempt := 1; gaveUp(ctx, err, false) && attempt < maxLockAttempts && Pause(ctx, lockPause); attempt++ {
		got, err = do(p.writes)
	}
	if !gaveUp(ctx, err, true) {
		return got, Translate(ctx, err)
	}
	for _, each := range await {
		if err := each(ctx, p.waiting); err != nil {
			return got, Translate(ctx, err)
		}
	}
	got, err = do(p.waiting)
	return got, Translate(ctx, err)
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

// Pause waits for a random time, longer for each attempt, so that two writes that
// conflicted do not conflict again. It reports whether ctx allows another attempt.
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
