package rest

import (
	"sync/atomic"
	"time"
)

// refusalInterval is how often a refusal by overload is logged.
const refusalInterval = time.Second

// refusalLog bounds the lines about requests that are refused since there are too many. A
// line for each would cost more than the refusal itself. It is safe for concurrent use.
type refusalLog struct {
	began    time.Time
	next     atomic.Int64 // when a line may be written, in nanoseconds since began
	unlogged atomic.Int64
}

func newRefusalLog() *refusalLog { return &refusalLog{began: time.Now()} }

// admit reports whether a refusal is to be logged, and how many were not since the last
// one that was.
func (l *refusalLog) admit() (others int64, ok bool) {
	if l == nil {
		return 0, true
	}
	now, next := int64(time.Since(l.began)), l.next.Load()
	if now < next || !l.next.CompareAndSwap(next, now+int64(refusalInterval)) {
		l.unlogged.Add(1)
		return 0, false
	}
	return l.unlogged.Swap(0), true
}
