package coalesce

import "context"

// call is a caller's request, from Do to its answer. Fields other than result
// and answered are guarded by the lane's mu.
type call[K comparable, Q, A any] struct {
	links[call[K, Q, A]]
	ctx      context.Context //nolint:containedctx // its values are those of the batch
	request  Q
	size     int
	group    *group[K, Q, A] // nil as soon as it is in a batch
	result   Result[A]
	answered chan struct{}
}

// group is the calls with one key that are in no batch yet, in the order of
// their arrival.
type group[K comparable, Q, A any] struct {
	links[group[K, Q, A]]
	key   K
	calls chain[call[K, Q, A], *call[K, Q, A]]
	// away is whether a call of the group is under way, in an Exclusive lane.
	// The group is not ready then.
	away bool
}

// enter makes c wait for its batch. It reports whether there may be a slot for
// it.
func (l *Lane[K, Q, A]) enter(c *call[K, Q, A], key K) (free bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return false, ErrClosed
	case l.waiting >= l.limits.Queue:
		return false, ErrFull
	}
	g := l.groups[key]
	if g == nil {
		g = l.gather(key)
	}
	l.waiting++
	c.group = g
	g.calls.push(c)
	return l.parked > 0, nil
}

// gather begins a group. Its caller sees that it is served.
func (l *Lane[K, Q, A]) gather(key K) *group[K, Q, A] {
	g := l.unused
	if g == nil {
		g = new(group[K, Q, A])
	} else {
		l.unused = g.next
	}
	*g = group[K, Q, A]{key: key}
	l.groups[key] = g
	l.ready.push(g)
	return g
}

// disband ends a group without calls, which is not ready.
func (l *Lane[K, Q, A]) disband(g *group[K, Q, A]) {
	delete(l.groups, g.key)
	*g = group[K, Q, A]{}
	g.next, l.unused = l.unused, g
}

// leave takes c, whose caller gives up, out of the queue. It reports false if c
// is under way.
func (l *Lane[K, Q, A]) leave(c *call[K, Q, A]) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := c.group
	if g == nil {
		return false
	}
	l.waiting--
	g.calls.remove(c)
	if g.calls.first == nil && !g.away {
		l.ready.remove(g)
		l.disband(g)
	}
	return true
}

// links make the elements of a chain.
type links[T any] struct{ prev, next *T }

func (l *links[T]) linked() *links[T] { return l }

// chain is a doubly linked list, which needs no memory of its own.
type chain[T any, P interface {
	*T
	linked() *links[T]
}] struct{ first, last *T }

func (c *chain[T, P]) push(e P) {
	e.linked().prev, e.linked().next = c.last, nil
	if c.last == nil {
		c.first = e
	} else {
		P(c.last).linked().next = e
	}
	c.last = e
}

func (c *chain[T, P]) remove(e P) {
	prev, next := e.linked().prev, e.linked().next
	if prev == nil {
		c.first = next
	} else {
		P(prev).linked().next = next
	}
	if next == nil {
		c.last = prev
	} else {
		P(next).linked().prev = prev
	}
	*e.linked() = links[T]{}
}
