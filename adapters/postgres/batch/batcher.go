package batch

import (
	"context"
	"runtime"
	"sync"
)

// Batcher merges the requests of concurrent callers into batches. It is safe for
// concurrent use.
type Batcher[K comparable, Q, A any] struct {
	work   Work[K, Q, A]
	limits Limits
	writes bool
	direct bool // made by Direct; nothing below is used

	calls   sync.Pool
	wakeUps chan struct{} // each lets a parked worker go on
	workers sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	waiting int // callers whose requests are in no batch yet
	// entering is whether a worker waits at the gate. One is enough: it takes all
	// requests that arrive meanwhile.
	entering bool
	parked   int // workers that wait for a wake-up
	queues   map[K]*keyQueue[K, Q, A]
	ready    list[keyQueue[K, Q, A], *keyQueue[K, Q, A]]
	unused   *keyQueue[K, Q, A]
	spare    *running[K, Q, A]
	delays   delays
}

// ForReads makes a batcher for requests that change nothing. Equal ones in a batch
// run once, and their callers get the same answer, which they must not change. It
// panics if the limits or the work are invalid.
func ForReads[K comparable, Q, A any](limits Limits, work Work[K, Q, A]) *Batcher[K, Q, A] {
	return start(limits, work, false)
}

// ForWrites makes a batcher for requests that change the thing that their key
// names. Those with the same key are in one batch at a time, up to MaxPerKey of them, and
// run in the order of their arrival. It panics if the limits or the work are invalid.
func ForWrites[K comparable, Q, A any](limits Limits, work Work[K, Q, A]) *Batcher[K, Q, A] {
	return start(limits, work, true)
}

// Direct makes a batcher that merges nothing: each request runs by itself, at
// once, with its caller's context. Its callers can't tell the difference.
func Direct[K comparable, Q, A any](work Work[K, Q, A]) *Batcher[K, Q, A] {
	if work.Run == nil {
		panic("batch: the work has no Run")
	}
	return &Batcher[K, Q, A]{work: work, direct: true}
}

func start[K comparable, Q, A any](limits Limits, work Work[K, Q, A], writes bool) *Batcher[K, Q, A] {
	limits.check()
	if work.Key == nil || work.Run == nil || work.Size == nil && limits.MaxBytes > 0 {
		panic("batch: the work needs Key and Run, and Size where MaxBytes is set")
	}
	b := &Batcher[K, Q, A]{
		work: work, limits: limits, writes: writes,
		wakeUps: make(chan struct{}, limits.MaxBatches), queues: make(map[K]*keyQueue[K, Q, A]),
		delays: delays{limits: limits, room: limits.MaxWaiting},
	}
	b.calls.New = func() any { return &call[K, Q, A]{answered: make(chan struct{}, 1)} }
	for range limits.MaxBatches {
		b.workers.Go(b.serve)
	}
	return b
}

// Do answers a request. If ctx ends first, the error is that of ctx. The request is
// then dropped or, if it is in flight, its effect is unknown. A request that finds
// nothing running is run by its caller, with ctx. Other errors are ErrFull,
// ErrClosed and those of Work.
func (b *Batcher[K, Q, A]) Do(ctx context.Context, request Q) (answer A, err error) {
	if err := ctx.Err(); err != nil {
		return answer, err
	}
	if b.direct {
		var result [1]Result[A]
		alone := context.WithValue(ctx, requestsKey{}, 1)
		err := b.work.leaveOut(alone, result[:], b.work.Run(alone, []Q{request}, result[:]))
		if err != nil {
			return answer, err
		}
		return b.conclude(ctx, request, result[0])
	}
	c, _ := b.calls.Get().(*call[K, Q, A])
	c.ctx, c.request = ctx, request
	if b.work.Size != nil {
		c.size = b.work.Size(request)
	}
	idle, err := b.enqueue(c, b.work.Key(request))
	if err != nil {
		b.recycle(c)
		return answer, err
	}
	if idle {
		b.runInline(c)
	}
	select {
	case <-c.answered:
		result := c.result
		b.recycle(c)
		return b.conclude(ctx, request, result)
	case <-ctx.Done():
		if b.cancel(c) {
			b.recycle(c)
		} // otherwise c is in a batch, whose answer is dropped
		return answer, ctx.Err()
	}
}

// conclude returns the answer of a batch, or has a request that was left out run
// alone.
func (b *Batcher[K, Q, A]) conclude(ctx context.Context, request Q, result Result[A]) (A, error) {
	if result.LeftOut {
		return b.work.Alone(ctx, request)
	}
	return result.Value, result.Err
}

// Waiting returns the number of requests that are in no batch yet.
func (b *Batcher[K, Q, A]) Waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting
}

func (b *Batcher[K, Q, A]) recycle(c *call[K, Q, A]) {
	*c = call[K, Q, A]{answered: c.answered}
	b.calls.Put(c)
}

// Close refuses new requests, answers those that were accepted, and returns when
// all batches have ended.
func (b *Batcher[K, Q, A]) Close() {
	if b.direct {
		return
	}
	b.mu.Lock()
	b.closed = true
	b.wake(b.parked)
	b.mu.Unlock()
	b.workers.Wait()
}

// wake lets n of the parked workers go on. The caller holds mu.
func (b *Batcher[K, Q, A]) wake(n int) {
	for range n {
		b.parked--
		b.wakeUps <- struct{}{} // never blocks: there is room for every worker
	}
}

// serve runs batches until the batcher is closed and empty.
func (b *Batcher[K, Q, A]) serve() {
	r := b.newRunning()
	for b.next(r) {
		b.finish(r, b.attempt(r.ctx, r.requests, r.results))
	}
}

// next waits for requests, and for a place at the gate, and fills a batch.
func (b *Batcher[K, Q, A]) next(r *running[K, Q, A]) bool {
	for {
		// Other callers may enqueue their requests first, so that batches form here.
		// Without other callers it takes no time.
		runtime.Gosched()
		b.mu.Lock()
		if b.ready.first != nil && !b.entering {
			b.enter(r)
			if b.ready.first == nil { // its callers have given up
				b.mu.Unlock()
				r.pass.leave()
				continue
			}
			b.fill(r)
			if b.ready.first != nil {
				b.wake(min(b.parked, 1))
			}
			b.mu.Unlock()
			return true
		}
		if b.closed {
			b.mu.Unlock()
			return false
		}
		b.parked++
		b.mu.Unlock()
		<-b.wakeUps
	}
}

// enter waits for a place at the gate. The caller holds mu, which is free meanwhile.
func (b *Batcher[K, Q, A]) enter(r *running[K, Q, A]) {
	if r.pass.try() {
		return
	}
	b.entering = true
	b.mu.Unlock()
	r.pass.enter()
	b.mu.Lock()
	b.entering = false
}
