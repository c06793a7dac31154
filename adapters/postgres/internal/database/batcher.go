package database

import (
	"context"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/ports"
)

// Limits are how much a batcher does at a time. A slow request must never be in
// front of a quick one, so each kind of request has a batcher of its own. MaxBatches
// is lower where it would be the whole share of the batcher's class.
type Limits struct {
	MaxBatches, MaxRequests, MaxPerKey, MaxBytes int
}

const (
	// maxWaiting is how many requests may wait in a batcher before others are refused.
	maxWaiting = 4096
	// If more requests arrive than can be answered, they wait for a hundredth of the time
	// that a batch may take: for half a second by default.
	delaysInTimeout = 100
)

var (
	// ManyReads are for reads that one statement answers together.
	ManyReads = Limits{MaxBatches: 2, MaxRequests: 256}
	// EqualReads are for quick reads of which only equal ones share a statement.
	EqualReads = Limits{MaxBatches: 2, MaxRequests: 1}
	// SlowReads are EqualReads that may take long.
	SlowReads = Limits{MaxBatches: 3, MaxRequests: 1}
	// ManyWrites are for writes that one statement does together, up to 1 MiB. Each
	// further write of a row is a further statement of the transaction.
	ManyWrites = Limits{MaxBatches: 2, MaxRequests: 256, MaxPerKey: 8, MaxBytes: 1 << 20}
)

// Batcher is a batch.Batcher that translates errors.
type Batcher[K comparable, Q, A any] struct{ b *batch.Batcher[K, Q, A] }

// Do answers a request, which may share its statement with others.
func (b Batcher[K, Q, A]) Do(ctx context.Context, request Q) (A, error) {
	answer, err := b.b.Do(ctx, request)
	return answer, Translate(ctx, err)
}

// Waiting returns the number of requests that are in no batch yet.
func (b Batcher[K, Q, A]) Waiting() int { return b.b.Waiting() }

// Reads makes a batcher for requests that change nothing. The pool, to whose class
// they belong, closes it. A request that is left out runs like a batch, but may wait.
func Reads[K comparable, Q, A any](p *Pool, limits Limits, work batch.Work[K, Q, A]) Batcher[K, Q, A] {
	work.Alone = func(ctx context.Context, request Q) (answer A, err error) {
		var result [1]batch.Result[A]
		if err := work.Run(ctx, []Q{request}, result[:]); err != nil {
			return answer, err
		}
		return result[0].Value, result[0].Err
	}
	// A read by itself has the limits of the connections, and is not repeated after them.
	work.LeavesOut = func(ctx context.Context, err error) bool { return gaveUp(ctx, err, batch.Requests(ctx) > 1) }
	return open(p, p.class, limits, work, batch.ForReads)
}

// Writes makes a batcher for requests that change the thing that their key names.
// The pool closes it. work.Alone may wait. A batch leaves its requests out if it waited
// for a lock or took long, or if the role may not take the locks that only batches
// take.
func Writes[K comparable, Q, A any](p *Pool, limits Limits, work batch.Work[K, Q, A]) Batcher[K, Q, A] {
	work.LeavesOut = func(ctx context.Context, err error) bool { return gaveUp(ctx, err, true) || Code(err) == NoPrivilege }
	return open(p, Batched, limits, work, batch.ForWrites)
}

func open[K comparable, Q, A any](
	p *Pool, class Class, limits Limits, work batch.Work[K, Q, A],
	start func(batch.Limits, batch.Work[K, Q, A]) *batch.Batcher[K, Q, A],
) Batcher[K, Q, A] {
	if !p.options.Batching {
		return Batcher[K, Q, A]{batch.Direct(work)}
	}
	gate := p.gate
	if limits.MaxRequests == 1 { // its batches take nobody along who waits at the gate
		gate = nil
	}
	b := start(batch.Limits{
		MaxBatches:  min(limits.MaxBatches, max(p.shares.of(class)-1, 1)),
		MaxRequests: limits.MaxRequests, MaxPerKey: limits.MaxPerKey, MaxBytes: limits.MaxBytes,
		MaxWaiting: maxWaiting, MaxDelay: p.options.Timeout / delaysInTimeout, Timeout: p.options.Timeout, Gate: gate,
	}, work)
	p.OnClose(b.Close)
	return Batcher[K, Q, A]{b}
}

// newGate makes a gate with a place for each processor of the database's host, if they
// are known. With one place, reads would wait for every write.
func newGate(processors int) *batch.Gate {
	if processors < 1 {
		return nil
	}
	const hold = 10 * time.Millisecond // of a hundred rows, few batches take longer
	return batch.NewGate(max(processors, 2), hold)
}

// Pages makes a batcher in which equal requests for a page run once. Their callers
// share the page and its memo.
func Pages[K comparable, Q, T any](
	p *Pool, limits Limits, key func(Q) K, run func(context.Context, Q) (ports.Page[T], error),
) Batcher[K, Q, ports.Page[T]] {
	answer := batch.Each(func(ctx context.Context, request Q) (ports.Page[T], error) {
		page, err := run(ctx, request)
		page.Memo = new(ports.Memo)
		return page, err
	})
	return Reads(p, limits, batch.Work[K, Q, ports.Page[T]]{Key: key, Run: answer})
}

// Itself is the key of requests that are their own key.
func Itself[K any](key K) K { return key }
