package sqlcheck

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limits are how long a statement may take, and what its transaction is told. Zero leaves
// the connection's own limit.
type Limits struct {
	// Lock is how long it may wait for a lock, and Statement how long it may take in
	// all.
	Lock, Statement time.Duration
	// Setting, unless it is empty, is a setting of the database that has the Value in the
	// transaction, for its triggers.
	Setting, Value string
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

// beforeStatement begins the texts that only prepare the transaction of a statement.
const beforeStatement = "SELECT set_config('"

// batchOn returns a batch for a link, with what its limits need. They hold to the end of
// the transaction.
func batchOn(c link) *pgx.Batch {
	batch := &pgx.Batch{}
	l, ok := c.(limited)
	if !ok {
		return batch
	}
	var args []any
	text := ""
	set := func(name, value string) {
		args = append(args, value)
		if text == "" {
			text = beforeStatement
		} else {
			text += ", set_config('"
		}
		text += name + "', $" + strconv.Itoa(len(args)) + ", true)"
	}
	if l.limits.Lock != 0 {
		set("lock_timeout", milliseconds(l.limits.Lock))
	}
	if l.limits.Statement != 0 {
		set("statement_timeout", milliseconds(l.limits.Statement))
	}
	if l.limits.Setting != "" {
		set(l.limits.Setting, l.limits.Value)
	}
	batch.Queue(text, args...)
	return batch
}

// milliseconds rounds up, since 0 is no limit.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Millisecond-1)/time.Millisecond), 10)
}

// preparing reports whether a text only prepares the transaction of a statement.
func preparing(text string) bool {
	return text == planEachCall || strings.HasPrefix(text, beforeStatement)
}
