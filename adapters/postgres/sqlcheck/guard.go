package sqlcheck

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limits are how long a statement may take. Zero leaves the connection's own limit.
type Limits struct {
	// Lock is how long it may wait for a lock, and Statement how long it may take in
	// all.
	Lock, Statement time.Duration
}

// Guard is asked before a connection is used. It may wait, or refuse with an error.
// The connection is used within the limits, and leave is called after that.
type Guard func(ctx context.Context) (limits Limits, leave func(), err error)

// Guarded is a session of Pool or SharedPool with a guard, which is asked for each statement, batch, COPY,
// transaction and Hold. The limits are sent in the same round trip as a statement
// and end with its transaction, so that no session state is left. COPY and what Hold
// runs have none.
func Guarded(s Session, guard Guard) Session {
	p := s.(pool) //nolint:forcetypeassert // see above
	p.guard = guard
	return p
}

// limited is a link whose statements have limits.
type limited struct {
	link
	limits Limits
}

func within(c link, limits Limits) link {
	if limits == (Limits{}) {
		return c
	}
	return limited{c, limits}
}

// withinAs gives a transaction within another the limits of that.
func withinAs(outer, inner link) link {
	if l, ok := outer.(limited); ok {
		return within(inner, l.limits)
	}
	return inner
}

// The limits hold to the end of the transaction.
const (
	limitLock      = "SELECT set_config('lock_timeout', $1, true)"
	limitStatement = "SELECT set_config('statement_timeout', $1, true)"
	limitBoth      = "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)"
)

// batchOn returns a batch for a link, with what its limits need.
func batchOn(c link) *pgx.Batch {
	batch := &pgx.Batch{}
	l, ok := c.(limited)
	switch {
	case !ok:
	case l.limits.Statement == 0:
		batch.Queue(limitLock, milliseconds(l.limits.Lock))
	case l.limits.Lock == 0:
		batch.Queue(limitStatement, milliseconds(l.limits.Statement))
	default:
		batch.Queue(limitBoth, milliseconds(l.limits.Lock), milliseconds(l.limits.Statement))
	}
	return batch
}

// milliseconds rounds up, since 0 is no limit.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Millisecond-1)/time.Millisecond), 10)
}

// preparing reports whether a text only prepares the transaction of a statement.
func preparing(text string) bool {
	switch text {
	case planEachCall, limitLock, limitStatement, limitBoth:
		return true
	}
	return false
}
