package batch_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

// fates are what became of many requests.
type fates struct {
	mu sync.Mutex
	// refusedLate are those that waited before they were refused.
	answered, refused, refusedLate int
	// slowest is the longest time until an answer.
	slowest time.Duration
}

func (f *fates) add(t *testing.T, err error, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.answered++
		f.slowest = max(f.slowest, took)
	case errors.Is(err, batch.ErrFull):
		f.refused++
		if took > 0 {
			f.refusedLate++
		}
	default:
		t.Error(err)
	}
}

// openLoop sends a request each time, for a span, whether earlier ones are answered or
// not, to a batcher that answers four requests in 100 ms.
func openLoop(t *testing.T, each, span, maxDelay time.Duration) *fates {
	t.Helper()
	return openLoopTo(t, 4, 100*time.Millisecond, each, span, maxDelay)
}

// openLoopTo is openLoop to a batcher that answers so many requests in another time.
func openLoopTo(t *testing.T, requests int, takes, each, span, maxDelay time.Duration) *fates {
	t.Helper()
	all := new(fates)
	synctest.Test(t, func(t *testing.T) {
		b := batch.ForReads(batch.Limits{MaxBatches: 1, MaxRequests: requests, MaxWaiting: 10_000, MaxDelay: maxDelay, Timeout: time.Hour},
			batch.Work[int, int, int]{
				Key: func(n int) int { return n },
				Run: func(context.Context, []int, []batch.Result[int]) error {
					time.Sleep(takes)
					return nil
				},
			})
		for n := range int(span / each) {
			go func() {
				began := time.Now()
				_, err := b.Do(t.Context(), n)
				all.add(t, err, time.Since(began))
			}()
			time.Sleep(each)
		}
		b.Close()
		synctest.Wait()
	})
	return all
}

// Of ten times what can be answered, as much is answered as ever, in a bounded time,
// and the rest is refused at once.
func TestMoreThanCanBeAnsweredIsRefusedAtOnce(t *testing.T) {
	const span = 3 * time.Minute
	got := openLoop(t, 100*time.Millisecond/40, span, 500*time.Millisecond)
	if capacity := int(4 * span / (100 * time.Millisecond)); got.answered < capacity*95/100 {
		t.Errorf("%d are answered; want almost %d", got.answered, capacity)
	}
	if got.refused < got.answered*8 || got.refusedLate > got.refused/100 {
		t.Errorf("%d are refused, and %d of them late; want nine of ten, and few late", got.refused, got.refusedLate)
	}
	if got.slowest > 1500*time.Millisecond {
		t.Errorf("an answer took %s", got.slowest)
	}
}

// Batches of one request are many, and each might let more requests wait. Late are those of the
// first second.
func TestFewAreRefusedLateWhereBatchesAreShort(t *testing.T) {
	const takes, span = 4 * time.Millisecond, time.Minute
	got := openLoopTo(t, 1, takes, takes/10, span, 500*time.Millisecond)
	if got.answered < int(span/takes)*95/100 || got.refusedLate > got.refused/50 {
		t.Errorf("%d are answered, and of %d that are refused %d are late", got.answered, got.refused, got.refusedLate)
	}
}

func TestNobodyIsRefusedBelowTheCapacity(t *testing.T) {
	if got := openLoop(t, 26*time.Millisecond, time.Minute, time.Millisecond); got.refused > 0 || got.answered < 2000 {
		t.Errorf("%d are answered, and %d refused", got.answered, got.refused)
	}
}

func TestABurstIsAnsweredAndNotRefused(t *testing.T) {
	// In four seconds 16 times the capacity of 100 ms; the queue is then empty again.
	if got := openLoop(t, time.Millisecond, 60*time.Millisecond, 4*time.Second); got.refused > 0 || got.answered != 60 {
		t.Errorf("%d are answered, and %d refused", got.answered, got.refused)
	}
}
