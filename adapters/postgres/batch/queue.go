package batch

import (
	"context"
	"time"
)

// call is a caller's request, from Do to its answer. Fields other than result
// and answered are guarded by the batcher's mu.
type call[K comparable, Q, A any] struct {
	links[call[K, Q, A]]
	ctx      context.Context //nolint:containedctx // its values are those of the batch
	request  Q
	size     int
	queue    *keyQueue[K, Q, A] // nil once it is in a batch
	arrived  time.Time
	result   Result[A]
	answered chan struct{}
}

// keyQueue is the calls with one key that are in no batch yet, in the order of
// their arrival.
type keyQueue[K comparable, Q, A any] struct {
	links[keyQueue[K, Q, A]]
	key   K
	calls list[call[K, Q, A], *call[K, Q, A]]
	// inFlight is whether a write of this key runs. The queue is not ready then.
	inFlight bool
}

// enqueue makes c wait for its batch. It reports whether a worker may be idle.
func (b *Batcher[K, Q, A]) enqueue(c *call[K, Q, A], key K) (idle bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return false, ErrClosed
	case b.waiting >= b.delays.room:
		return false, ErrFull
	}
	q := b.queues[key]
	if q == nil {
		q = b.openQueue(key)
	}
	b.waiting++
	c.queue, c.arrived = q, time.Now()
	q.calls.push(c)
	return b.parked > 0, nil
}

// openQueue makes the queue of a key, and makes it ready.
func (b *Batcher[K, Q, A]) openQueue(key K) *keyQueue[K, Q, A] {
	q := b.unused
	if q == nil {
		q = new(keyQueue[K, Q, A])
	} else {
		b.unused = q.next
	}
	*q = keyQueue[K, Q, A]{key: key}
	b.queues[key] = q
	b.ready.push(q)
	return q
}

// closeQueue removes a queue without calls, which is not ready.
func (b *Batcher[K, Q, A]) closeQueue(q *keyQueue[K, Q, A]) {
	delete(b.queues, q.key)
	*q = keyQueue[K, Q, A]{}
	q.next, b.unused = b.unused, q
}

// cancel takes c, whose caller gives up, out of its queue. It reports false if c
// is in flight.
func (b *Batcher[K, Q, A]) cancel(c *call[K, Q, A]) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.queue == nil {
		return false
	}
	b.withdraw(c)
	return true
}

// withdraw takes c, which is in no batch, out of its queue. The caller holds mu.
func (b *Batcher[K, Q, A]) withdraw(c *call[K, Q, A]) {
	q := c.queue
	b.waiting--
	c.queue = nil
	q.calls.remove(c)
	if q.calls.first == nil && !q.inFlight {
		b.ready.remove(q)
		b.closeQueue(q)
	}
}

// links are the neighbours of an element in a list.
type links[T any] struct{ prev, next *T }

func (l *links[T]) linked() *links[T] { return l }

// list is a doubly linked list whose elements hold their own links, so that it
// allocates nothing.
type list[T any, P interface {
	*T
	linked() *links[T]
}] struct{ first, last *T }

func (l *list[T, P]) push(e P) {
	e.linked().prev, e.linked().next = l.last, nil
	if l.last == nil {
		l.first = e
	} else {
		P(l.last).linked().next = e
	}
	l.last = e
}

func (l *list[T, P]) remove(e P) {
	prev, next := e.linked().prev, e.linked().next
	if prev == nil {
		l.first = next
	} else {
		P(prev).linked().next = next
	}
	if next == nil {
		l.last = prev
	} else {
		P(next).linked().prev = prev
	}
	*e.linked() = links[T]{}
}
