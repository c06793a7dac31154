package batch

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// PanicError is the error of the requests in a batch that panicked.
type PanicError struct {
	// Value is the argument of panic.
	Value any
	// Stack is the stack of the goroutine that panicked.
	Stack []byte
}

// Error returns the value and the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("a batch panicked: %v\n%s", e.Value, e.Stack)
}

// running is a batch in flight. Its memory is reused.
type running[K comparable, Q, A any] struct {
	ctx      context.Context //nolint:containedctx // of the first caller, without its end
	requests []Q
	results  []Result[A]
	entries  []entry[K, Q, A]
	pass     pass
	began    time.Time
	took     time.Duration // by the last batch
}

// entry is the callers of one request in a batch and, for the last write of a key, the
// queue that waits for its end.
type entry[K comparable, Q, A any] struct {
	calls list[call[K, Q, A], *call[K, Q, A]]
	queue *keyQueue[K, Q, A]
}

func (b *Batcher[K, Q, A]) newRunning() *running[K, Q, A] {
	return &running[K, Q, A]{pass: pass{gate: b.limits.Gate}}
}

// fill begins a batch in r with ready requests. The caller holds mu.
func (b *Batcher[K, Q, A]) fill(r *running[K, Q, A]) {
	now := time.Now()
	waited, waiting := now.Sub(b.ready.first.calls.first.arrived), b.waiting
	b.take(r)
	b.delays.end(r.took)
	b.delays.begin(now, waited, waiting-b.waiting)
	b.shed()
	r.began = now
}

// take moves ready requests, as far as the limits allow, into r. The caller holds mu.
func (b *Batcher[K, Q, A]) take(r *running[K, Q, A]) {
	bytes := 0
	for q := b.ready.first; q != nil && b.hasRoom(r, q.calls.first, bytes); q = b.ready.first {
		if len(r.requests) == 0 {
			r.ctx = context.WithoutCancel(q.calls.first.ctx)
		}
		b.ready.remove(q)
		if !b.writes {
			bytes += q.calls.first.size
			b.takeReads(r, q)
			continue
		}
		for n := 0; n == 0 || n < b.limits.MaxPerKey && q.calls.first != nil && b.hasRoom(r, q.calls.first, bytes); n++ {
			bytes += q.calls.first.size
			b.takeWrite(r, q)
		}
		r.entries[len(r.entries)-1].queue = q
	}
}

// hasRoom reports whether a batch with so many bytes can take another call.
func (b *Batcher[K, Q, A]) hasRoom(r *running[K, Q, A], c *call[K, Q, A], bytes int) bool {
	n := len(r.requests)
	return n < b.limits.MaxRequests && (n == 0 || b.limits.MaxBytes == 0 || bytes+c.size <= b.limits.MaxBytes)
}

func (r *running[K, Q, A]) add(request Q, e entry[K, Q, A]) {
	r.requests = append(r.requests, request)
	r.results = append(r.results, Result[A]{})
	r.entries = append(r.entries, e)
}

// takeReads moves all calls of a queue, which are equal, into r as one request.
func (b *Batcher[K, Q, A]) takeReads(r *running[K, Q, A], q *keyQueue[K, Q, A]) {
	e := entry[K, Q, A]{calls: q.calls}
	for c := e.calls.first; c != nil; c = c.next {
		b.waiting--
		c.queue = nil
	}
	r.add(e.calls.first.request, e)
	b.closeQueue(q)
}

// takeWrite moves the first call of a queue into r. The queue is not ready again before
// the batch has ended.
func (b *Batcher[K, Q, A]) takeWrite(r *running[K, Q, A], q *keyQueue[K, Q, A]) {
	c := q.calls.first
	q.calls.remove(c)
	q.inFlight = true
	b.waiting--
	c.queue = nil
	var e entry[K, Q, A]
	e.calls.push(c)
	r.add(c.request, e)
}

func (b *Batcher[K, Q, A]) attempt(ctx context.Context, requests []Q, results []Result[A]) (err error) {
	ctx, cancel := context.WithTimeout(ctx, b.limits.Timeout)
	defer cancel()
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{value, debug.Stack()}
		}
	}()
	ctx = context.WithValue(ctx, requestsKey{}, len(requests))
	return b.work.leaveOut(ctx, results, b.work.Run(ctx, requests, results))
}

// leaveOut marks the results of requests that LeavesOut names, of a batch that ended
// with err.
func (w *Work[K, Q, A]) leaveOut(ctx context.Context, results []Result[A], err error) error {
	if w.LeavesOut == nil {
		return err
	}
	all := err != nil && w.LeavesOut(ctx, err)
	for i := range results {
		if all || results[i].Err != nil && w.LeavesOut(ctx, results[i].Err) {
			results[i] = Result[A]{LeftOut: true}
		}
	}
	if all {
		return nil
	}
	return err
}

// finish answers the callers of a batch, which ended with err as a whole, and
// empties it.
func (b *Batcher[K, Q, A]) finish(r *running[K, Q, A], err error) {
	if err != nil {
		_ = b.bisect(r.ctx, r.requests, r.results, err) // the results hold the error
	}
	r.took = time.Since(r.began)
	r.pass.leave()
	if b.writes {
		b.release(r)
	}
	for i, e := range r.entries {
		for c := e.calls.first; c != nil; {
			next := c.next // the caller owns c as soon as it is answered
			c.result = r.results[i]
			c.answered <- struct{}{}
			c = next
		}
	}
	r.ctx = nil
	clear(r.requests)
	clear(r.results)
	clear(r.entries)
	r.requests, r.results, r.entries = r.requests[:0], r.results[:0], r.entries[:0]
}

// bisect fills the results of requests that failed together. If one of them may be
// at fault, each half runs by itself. An error that no single request caused is
// that of all requests that have not run yet, and is returned.
func (b *Batcher[K, Q, A]) bisect(ctx context.Context, requests []Q, results []Result[A], err error) error {
	clear(results)
	one := b.work.Bisect != nil && b.work.Bisect(err)
	if half := len(requests) / 2; half > 0 && one {
		if err = b.repeat(ctx, requests[:half], results[:half]); err == nil {
			return b.repeat(ctx, requests[half:], results[half:])
		}
		results, one = results[half:], false
	}
	for i := range results {
		results[i].Err = err
	}
	if one {
		return nil
	}
	return err
}

func (b *Batcher[K, Q, A]) repeat(ctx context.Context, requests []Q, results []Result[A]) error {
	if err := b.attempt(ctx, requests, results); err != nil {
		return b.bisect(ctx, requests, results, err)
	}
	return nil
}

// release makes the queues of r ready again; those with more calls go behind all
// others.
func (b *Batcher[K, Q, A]) release(r *running[K, Q, A]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range r.entries {
		switch q := e.queue; {
		case q == nil: // a later entry has it
		case q.calls.first == nil:
			b.closeQueue(q)
		default:
			q.inFlight = false
			b.ready.push(q)
		}
	}
}
