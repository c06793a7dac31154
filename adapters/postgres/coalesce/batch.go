package coalesce

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// PanicError is the error of the requests in a batch that panicked.
type PanicError struct {
	// Value is what the panic was called with.
	Value any
	// Stack is where.
	Stack []byte
}

// Error returns the value and the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("a batch panicked: %v\n%s", e.Value, e.Stack)
}

// Each makes a Work.Run that runs the requests of a batch one after the other.
// It suits those of which only equal ones can be merged.
func Each[Q, A any](run func(context.Context, Q) (A, error)) func(context.Context, []Q, []Result[A]) error {
	return func(ctx context.Context, requests []Q, results []Result[A]) error {
		for i, request := range requests {
			results[i].Value, results[i].Err = run(ctx, request)
		}
		return nil
	}
}

// batch is what a worker has under way. Its memory is used again.
type batch[K comparable, Q, A any] struct {
	ctx      context.Context //nolint:containedctx // of the first caller, without its end
	requests []Q
	results  []Result[A]
	turns    []turn[K, Q, A]
}

// turn is the callers of one request in a batch, and in an Exclusive lane the
// group that waits for its end.
type turn[K comparable, Q, A any] struct {
	calls chain[call[K, Q, A], *call[K, Q, A]]
	group *group[K, Q, A]
}

// serve runs batches until the lane is closed and empty.
func (l *Lane[K, Q, A]) serve() {
	var b batch[K, Q, A]
	for l.next(&b) {
		_ = l.run(b.ctx, b.requests, b.results) // each result has it
		l.end(&b)
	}
}

// serveFrom has a worker serve c, or does so itself where c is all that there
// is: to hand it over would take longer than much that is asked for.
func (l *Lane[K, Q, A]) serveFrom(c *call[K, Q, A]) {
	runtime.Gosched() // as in next
	l.mu.Lock()
	g := c.group
	if g == nil || g.away || l.parked == 0 {
		l.mu.Unlock()
		return
	}
	if l.ready.first != g || l.ready.last != g || g.calls.first != c || g.calls.last != c {
		l.rouse(1)
		l.mu.Unlock()
		return
	}
	l.parked-- // this goroutine has the slot of a worker that stays parked
	b := l.spare
	if l.spare = nil; b == nil {
		b = new(batch[K, Q, A])
	}
	l.cut(b)
	l.mu.Unlock()
	b.ctx = c.ctx
	_ = l.run(b.ctx, b.requests, b.results)
	l.end(b)
	l.mu.Lock()
	l.spare = b
	if l.parked++; l.closed || l.ready.first != nil {
		l.rouse(1)
	}
	l.mu.Unlock()
}

// next waits for requests and cuts a batch from them.
func (l *Lane[K, Q, A]) next(b *batch[K, Q, A]) bool {
	for {
		// Whoever is about to ask may do so first. Where nobody is, that takes
		// no time.
		runtime.Gosched()
		l.mu.Lock()
		if l.ready.first != nil {
			l.cut(b)
			if l.ready.first != nil {
				l.rouse(min(l.parked, 1))
			}
			l.mu.Unlock()
			return true
		}
		if l.closed {
			l.mu.Unlock()
			return false
		}
		l.parked++
		l.mu.Unlock()
		<-l.wake
	}
}

// cut moves what is ready, as far as the limits allow, into b.
func (l *Lane[K, Q, A]) cut(b *batch[K, Q, A]) {
	bytes := 0
	for g := l.ready.first; g != nil && len(b.requests) < l.limits.Requests; g = l.ready.first {
		first := g.calls.first
		if bytes += first.size; l.limits.Bytes > 0 && bytes > l.limits.Bytes && len(b.requests) > 0 {
			return
		}
		if len(b.requests) == 0 {
			b.ctx = context.WithoutCancel(first.ctx)
		}
		l.ready.remove(g)
		b.requests = append(b.requests, first.request)
		b.results = append(b.results, Result[A]{})
		b.turns = append(b.turns, l.take(g))
	}
}

// take gives the calls of a group whose turn it is.
func (l *Lane[K, Q, A]) take(g *group[K, Q, A]) turn[K, Q, A] {
	if l.exclusive {
		c := g.calls.first
		g.calls.remove(c)
		g.away = true
		l.waiting--
		c.group = nil
		t := turn[K, Q, A]{group: g}
		t.calls.push(c)
		return t
	}
	t := turn[K, Q, A]{calls: g.calls}
	for c := t.calls.first; c != nil; c = c.next {
		l.waiting--
		c.group = nil
	}
	l.disband(g)
	return t
}

// run fills the results. Where the requests fail together and one of them may
// be at fault, each half of them is run by itself. An error that is nobody's
// fault is that of all that were still to be run, and is returned.
func (l *Lane[K, Q, A]) run(ctx context.Context, requests []Q, results []Result[A]) error {
	err := l.attempt(ctx, requests, results)
	if err == nil {
		return nil
	}
	clear(results)
	if half := len(requests) / 2; half > 0 && l.splits(err) {
		if err = l.run(ctx, requests[:half], results[:half]); err == nil {
			return l.run(ctx, requests[half:], results[half:])
		}
		results = results[half:]
	}
	for i := range results {
		results[i].Err = err
	}
	if l.splits(err) {
		return nil
	}
	return err
}

func (l *Lane[K, Q, A]) splits(err error) bool { return l.work.Split != nil && l.work.Split(err) }

func (l *Lane[K, Q, A]) attempt(ctx context.Context, requests []Q, results []Result[A]) (err error) {
	ctx, cancel := context.WithTimeout(ctx, l.limits.Deadline)
	defer cancel()
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{value, debug.Stack()}
		}
	}()
	return l.work.Run(ctx, requests, results)
}

// end answers the callers and lets go of everything.
func (l *Lane[K, Q, A]) end(b *batch[K, Q, A]) {
	if l.exclusive {
		l.release(b)
	}
	for i, t := range b.turns {
		for c := t.calls.first; c != nil; {
			next := c.next // c is its caller's as soon as it is answered
			c.result = b.results[i]
			c.answered <- struct{}{}
			c = next
		}
	}
	b.ctx = nil
	clear(b.requests)
	clear(b.results)
	clear(b.turns)
	b.requests, b.results, b.turns = b.requests[:0], b.results[:0], b.turns[:0]
}

// release makes the groups of b ready again, those that have more calls behind
// all others.
func (l *Lane[K, Q, A]) release(b *batch[K, Q, A]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range b.turns {
		g := t.group
		if g.away = false; g.calls.first == nil {
			l.disband(g)
		} else {
			l.ready.push(g)
		}
	}
}
