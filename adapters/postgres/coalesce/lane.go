package coalesce

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var (
	// ErrFull is the error of a request that was not taken, since too many wait.
	ErrFull = errors.New("too many requests wait")
	// ErrClosed is the error of a request that came after Close.
	ErrClosed = errors.New("the lane is closed")
)

// Limits bound a lane.
type Limits struct {
	// Slots is how many batches may be under way at a time.
	Slots int
	// Requests is how many there may be in a batch; equal ones count once.
	Requests int
	// Bytes is how large the requests of a batch may be together, as Work.Size
	// has it; 0 is no limit. One that is larger has a batch of its own.
	Bytes int
	// Queue is how many callers may wait for a batch to be in.
	Queue int
	// Deadline is how long a batch may take.
	Deadline time.Duration
}

func (l Limits) check() {
	for _, limit := range []struct {
		name  string
		value int64
		least int64
	}{
		{"Slots", int64(l.Slots), 1},
		{"Requests", int64(l.Requests), 1},
		{"Bytes", int64(l.Bytes), 0},
		{"Queue", int64(l.Queue), 1},
		{"Deadline", int64(l.Deadline), 1},
	} {
		if limit.value < limit.least {
			panic(fmt.Sprintf("coalesce: %s is %d: let it be %d or more", limit.name, limit.value, limit.least))
		}
	}
}

// Result is what a request is answered with.
type Result[A any] struct {
	Value A
	Err   error
}

// Work is what a lane is for: requests Q, answers A and keys K, by which
// requests are told apart.
type Work[K comparable, Q, A any] struct {
	// Key tells which requests are equal in a Sharing lane, and which must not
	// be under way together in an Exclusive one.
	Key func(Q) K
	// Size is the size of a request in bytes; nil where the limit is 0.
	Size func(Q) int
	// Run answers a batch: results[i] is for requests[i], and is zero before. The
	// values of ctx are those of a caller who has been waiting longest.
	// An error is that of every request in the batch. It keeps neither slice.
	Run func(ctx context.Context, requests []Q, results []Result[A]) error
	// Split reports whether err, which ended a batch that had no effect, may be
	// the fault of a single request in it. Each half of them is run by itself
	// then, and so on, until the one is found. Nil is never.
	Split func(err error) bool
}

// Lane merges the requests of concurrent callers into batches. It is safe for
// concurrent use.
type Lane[K comparable, Q, A any] struct {
	work      Work[K, Q, A]
	limits    Limits
	exclusive bool

	calls   sync.Pool
	wake    chan struct{} // a worker that was parked goes on
	workers sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	waiting int // callers whose requests are in no batch yet
	parked  int // workers that wait for a wake
	groups  map[K]*group[K, Q, A]
	ready   chain[group[K, Q, A], *group[K, Q, A]]
	unused  *group[K, Q, A]
	spare   *batch[K, Q, A]
}

// Sharing makes a lane for requests that change nothing. Equal ones in a batch
// are run once, and their callers get the same answer: none may change it. It
// panics where the limits or the work can't be.
func Sharing[K comparable, Q, A any](limits Limits, work Work[K, Q, A]) *Lane[K, Q, A] {
	return start(limits, work, false)
}

// Exclusive makes a lane for requests that change what their key names. Of
// those with the same key at most one is under way, and they are run in the
// order in which they came. It panics where the limits or the work can't be.
func Exclusive[K comparable, Q, A any](limits Limits, work Work[K, Q, A]) *Lane[K, Q, A] {
	return start(limits, work, true)
}

func start[K comparable, Q, A any](limits Limits, work Work[K, Q, A], exclusive bool) *Lane[K, Q, A] {
	limits.check()
	if work.Key == nil || work.Run == nil || work.Size == nil && limits.Bytes > 0 {
		panic("coalesce: work needs Key and Run, and Size where Bytes is limited")
	}
	l := &Lane[K, Q, A]{
		work: work, limits: limits, exclusive: exclusive,
		wake: make(chan struct{}, limits.Slots), groups: make(map[K]*group[K, Q, A]),
	}
	l.calls.New = func() any { return &call[K, Q, A]{answered: make(chan struct{}, 1)} }
	for range limits.Slots {
		l.workers.Go(l.serve)
	}
	return l
}

// Do has a request answered. When ctx ends first, the error is its error, and
// the request is dropped unless it is under way: then nobody knows what became
// of it. A request that is alone is run by its caller, with ctx. Other errors are
// ErrFull, ErrClosed, and those of Work.
func (l *Lane[K, Q, A]) Do(ctx context.Context, request Q) (A, error) {
	var none A
	if err := ctx.Err(); err != nil {
		return none, err
	}
	c, _ := l.calls.Get().(*call[K, Q, A])
	c.ctx, c.request = ctx, request
	if l.work.Size != nil {
		c.size = l.work.Size(request)
	}
	free, err := l.enter(c, l.work.Key(request))
	if err != nil {
		l.forget(c)
		return none, err
	}
	if free {
		l.serveFrom(c)
	}
	select {
	case <-c.answered:
		result := c.result
		l.forget(c)
		return result.Value, result.Err
	case <-ctx.Done():
		if l.leave(c) {
			l.forget(c)
		} // else the worker that has it answers into the void
		return none, ctx.Err()
	}
}

func (l *Lane[K, Q, A]) forget(c *call[K, Q, A]) {
	*c = call[K, Q, A]{answered: c.answered}
	l.calls.Put(c)
}

// Close takes no more requests, answers those that were taken, and returns when
// all batches have ended.
func (l *Lane[K, Q, A]) Close() {
	l.mu.Lock()
	l.closed = true
	l.rouse(l.parked)
	l.mu.Unlock()
	l.workers.Wait()
}

// rouse lets n of the workers that are parked go on. The caller holds mu.
func (l *Lane[K, Q, A]) rouse(n int) {
	for range n {
		l.parked--
		l.wake <- struct{}{} // never blocks: there is room for every worker
	}
}
