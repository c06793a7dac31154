package batch

import "runtime"

// runInline runs c in its caller's goroutine if it is the only request: handing it
// to a worker would take longer than many statements. Otherwise a worker is woken
// for it.
func (b *Batcher[K, Q, A]) runInline(c *call[K, Q, A]) {
	runtime.Gosched() // as in next
	r := b.claim(c)
	if r == nil {
		return
	}
	b.finish(r, b.attempt(c.ctx, r.requests, r.results))
	b.mu.Lock()
	b.spare = r
	if b.parked++; b.closed || b.ready.first != nil {
		b.wake(1)
	}
	b.mu.Unlock()
}

// claim makes c a batch of its own, in the place of a worker that stays parked. It
// returns nil if c is not the only request, or is in flight already.
func (b *Batcher[K, Q, A]) claim(c *call[K, Q, A]) *running[K, Q, A] {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := c.queue
	if q == nil || q.inFlight || b.parked == 0 {
		return nil
	}
	if b.ready.first != q || b.ready.last != q || q.calls.first != c || q.calls.last != c {
		b.wake(1)
		return nil
	}
	r := b.spare
	if r == nil {
		r = b.newRunning()
	}
	if !r.pass.try() {
		b.spare = r
		b.wake(1)
		return nil
	}
	b.parked--
	b.spare = nil
	b.fill(r)
	return r
}
