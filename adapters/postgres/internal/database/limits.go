package database

import (
	"context"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Others wait for a shared statement and for what runs in a share that ends soon. So
// these give up soon, and run again in the class Waiting.
const (
	// maxSharedLock is how long such a statement waits for a lock.
	maxSharedLock = 50 * time.Millisecond
	// A write by itself tries so often, with a pause between, before it goes to those
	// that wait for long. Most locks are held by a batch, which ends soon.
	maxLockAttempts = 3
	lockPause       = 4 // as for Pause: up to 32 ms
	// A batch may take baseBatchTime, and timePerRequest more for each request: many
	// times what requests take.
	baseBatchTime  = 250 * time.Millisecond
	timePerRequest = 10 * time.Millisecond
	// maxAloneTime is how long a write by itself may take before it has to wait for
	// its place among those that take long.
	maxAloneTime = time.Second
)

func batchTime(requests int) time.Duration {
	return baseBatchTime + time.Duration(requests)*timePerRequest
}

// lower is the lower of a limit and the connections' own one, if they have one.
func lower(limit, own time.Duration) time.Duration {
	if own > 0 {
		return min(limit, own)
	}
	return limit
}

// readGuard guards the reads of a class. Reads wait only for those who lock a whole
// table. So a read by itself, for which a limit would cost a tenth of its time, has one
// only if most of its share is in use.
func (c *core) readGuard(class Class) sqlcheck.Guard {
	return func(ctx context.Context) (limits sqlcheck.Limits, leave func(), err error) {
		if err := c.shares.enter(ctx, class); err != nil {
			return limits, nil, err
		}
		n := batch.Requests(ctx)
		if n > 1 || c.shares.scarce(class) {
			limits.Lock = lower(maxSharedLock, c.options.LockTimeout)
		}
		if n > 1 {
			limits.Statement = lower(batchTime(n), c.options.StatementTimeout)
		}
		return limits, c.shares.leave[class], nil
	}
}

// writeGuard guards writes that give up soon.
func (c *core) writeGuard(ctx context.Context) (sqlcheck.Limits, func(), error) {
	class, limit := Alone, maxAloneTime
	if n := batch.Requests(ctx); n > 0 {
		class, limit = Batched, batchTime(n)
	}
	limits := originOf(ctx)
	limits.Lock, limits.Statement = lower(maxSharedLock, c.options.LockTimeout), lower(limit, c.options.StatementTimeout)
	return limits, c.leaveWrite[class], c.shares.enter(ctx, class)
}

// plainGuard guards work of a class that has the limits of the connections, or sets
// its own.
func (c *core) plainGuard(class Class) sqlcheck.Guard {
	return func(ctx context.Context) (limits sqlcheck.Limits, leave func(), err error) {
		leave = c.shares.leave[class]
		if class == Waiting || class == Streams { // the others only read
			limits, leave = originOf(ctx), c.leaveWrite[class]
		}
		return limits, leave, c.shares.enter(ctx, class)
	}
}

// gaveUp reports whether a statement ended at a limit that keeps others from waiting
// for it, and may run again without.
func gaveUp(ctx context.Context, err error, timed bool) bool {
	state := Code(err)
	return ctx.Err() == nil && (state == LockNotAvailable || timed && state == QueryCancelled)
}
