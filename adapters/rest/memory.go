package rest

import (
	"errors"
	"io"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync/atomic"
)

const (
	// uncounted is how many bytes of each body and each response are not counted, so
	// that large requests never keep small ones from being served.
	uncounted = maxPooled
	// MinMemory is the least Options.Memory: that of the largest body.
	MinMemory = 16 << 20
	// memoryShare is the part of the process's memory limit that is the default. A body
	// takes several times its bytes while it is decoded and stored, and the garbage
	// collector needs as much again.
	memoryShare = 10
	// memoryWithoutLimit is the default of a process without a memory limit.
	memoryWithoutLimit = 256 << 20
)

// errBusy is the cause, for the log, of a request that does not fit into the budget.
var errBusy = errors.New("rest: the bytes in progress are at their limit, which is ROSTER_BODY_BYTES")

// memory is the budget of bytes of all bodies and responses in progress. It is safe
// for concurrent use.
type memory struct {
	limit int64
	used  atomic.Int64
}

// newMemory makes a budget of limit bytes; 0 is a share of the memory limit of the
// process, which GOMEMLIMIT sets.
func newMemory(limit int64) *memory {
	if limit == 0 {
		limit = memoryWithoutLimit
		if process := debug.SetMemoryLimit(-1); process < math.MaxInt64 {
			limit = process / memoryShare
		}
	}
	return &memory{limit: max(limit, MinMemory)}
}

// holding is what one request holds of a budget. One goroutine uses it.
type holding struct {
	of       *memory
	reserved int64
}

// fits reports whether n bytes would fit at present. It reserves nothing, so that a
// client can't keep others out by the length that it announces.
func (h *holding) fits(n int64) bool { return n <= uncounted || h.of.used.Load()+n <= h.of.limit }

// reserve reserves n bytes until release, and reports whether they fit.
func (h *holding) reserve(n int64) bool {
	if h.of.used.Add(n) > h.of.limit {
		h.of.used.Add(-n)
		return false
	}
	h.reserved += n
	return true
}

// reserveResponse reserves the bytes of a response: the client may read it slowly.
func (h *holding) reserveResponse(response any) error {
	if whole, ok := response.(interface{ size() int }); ok && whole.size() > uncounted && !h.reserve(int64(whole.size())) {
		return h.busy()
	}
	return nil
}

// refuse returns the problem of a body of at most limit bytes that does not fit. It
// reads the body, and keeps nothing of it: many clients see no response before they
// have sent everything. One that waits for "100 Continue" has sent nothing.
func (h *holding) refuse(r *http.Request, limit int64) error {
	h.release()
	if r.Header["Expect"] == nil {
		_, _ = io.CopyN(io.Discard, r.Body, limit) // the client may be gone
	}
	return h.busy()
}

// release gives everything back.
func (h *holding) release() {
	if h.reserved > 0 {
		h.of.used.Add(-h.reserved)
		h.reserved = 0
	}
}

func (h *holding) busy() error {
	p := newProblem(kindBusy, "the bodies and responses in progress have "+strconv.FormatInt(h.of.limit, 10)+
		" bytes, the most that this process holds; try again, and send fewer large requests at a time")
	p.cause = errBusy
	return p
}
