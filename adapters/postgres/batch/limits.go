package batch

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	// ErrFull is the error of a request that was refused because too many wait.
	ErrFull = errors.New("too many requests wait")
	// ErrClosed is the error of a request that came after Close.
	ErrClosed = errors.New("the batcher is closed")
)

// Limits bound a batcher.
type Limits struct {
	// MaxBatches is how many batches may run at a time.
	MaxBatches int
	// MaxRequests is how many requests a batch may have; equal reads count once.
	MaxRequests int
	// MaxPerKey is how many writes with the same key a batch may have; 0 is one. Run gets
	// them in the order of their arrival, and has to run them in that order.
	MaxPerKey int
	// MaxBytes bounds the sum of Work.Size over a batch; 0 is no limit. A larger
	// request has a batch of its own.
	MaxBytes int
	// MaxWaiting is how many callers may wait for a batch.
	MaxWaiting int
	// MaxDelay is how long requests may wait when more arrive than can be answered, or
	// the time of five batches if that is longer: others are refused. 0 is no limit.
	MaxDelay time.Duration
	// Timeout is how long a batch may take.
	Timeout time.Duration
	// Gate limits the batches of several batchers together. Nil is no limit.
	Gate *Gate
}

func (l Limits) check() {
	for _, limit := range []struct {
		name       string
		value, min int64
	}{
		{"MaxBatches", int64(l.MaxBatches), 1},
		{"MaxRequests", int64(l.MaxRequests), 1},
		{"MaxPerKey", int64(l.MaxPerKey), 0},
		{"MaxBytes", int64(l.MaxBytes), 0},
		{"MaxDelay", int64(l.MaxDelay), 0},
		{"MaxWaiting", int64(l.MaxWaiting), 1},
		{"Timeout", int64(l.Timeout), 1},
	} {
		if limit.value < limit.min {
			panic(fmt.Sprintf("batch: %s is %d; it must be at least %d", limit.name, limit.value, limit.min))
		}
	}
}

// Result is the answer to a request.
type Result[A any] struct {
	Value A
	Err   error
	// LeftOut is whether the batch did not answer the request. Work.Alone does.
	LeftOut bool
}

// Work is what a batcher does with requests Q, answers A and keys K.
type Work[K comparable, Q, A any] struct {
	// Key tells which requests are equal (ForReads), and which must not be in
	// flight together (ForWrites).
	Key func(Q) K
	// Size is the size of a request in bytes. It may be nil where MaxBytes is 0.
	Size func(Q) int
	// Run answers a batch: results[i] is for requests[i], and is zero before. The
	// values of ctx are those of the caller that has waited longest. An error is
	// that of every request in the batch. Run keeps neither slice.
	Run func(ctx context.Context, requests []Q, results []Result[A]) error
	// LeavesOut reports whether all requests with err are left out: a batch that ended
	// with it without effect, or a request whose result has it. ctx is that of Run.
	// Nil means never.
	LeavesOut func(ctx context.Context, err error) bool
	// Alone answers a request that its batch left out. It runs in the goroutine of
	// the caller and with the caller's context, and counts for no limit. It may be nil
	// where none is left out.
	Alone func(ctx context.Context, request Q) (A, error)
	// Bisect reports whether err, which ended a batch without effect, may be the
	// fault of a single request. Nil means never.
	Bisect func(err error) bool
}

// requestsKey is the context's key for the number of requests in a batch.
type requestsKey struct{}

// Requests is how many requests the batch has to whose Run ctx was given, 0 for other
// contexts.
func Requests(ctx context.Context) int {
	n, _ := ctx.Value(requestsKey{}).(int)
	return n
}

// Each makes a Work.Run that runs the requests of a batch one after the other.
// It suits requests of which only equal ones can be merged.
func Each[Q, A any](run func(context.Context, Q) (A, error)) func(context.Context, []Q, []Result[A]) error {
	return func(ctx context.Context, requests []Q, results []Result[A]) error {
		for i, request := range requests {
			results[i].Value, results[i].Err = run(ctx, request)
		}
		return nil
	}
}
