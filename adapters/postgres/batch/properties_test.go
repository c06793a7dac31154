package batch_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

// anyLimits are so small that each limit has an effect.
func anyLimits(t *rapid.T) batch.Limits {
	return batch.Limits{
		MaxBatches: rapid.IntRange(1, 4).Draw(t, "batches"), MaxRequests: rapid.IntRange(1, 5).Draw(t, "requests"),
		MaxPerKey: rapid.IntRange(0, 3).Draw(t, "per key"), MaxBytes: rapid.IntRange(0, 3).Draw(t, "bytes"),
		MaxWaiting: rapid.IntRange(1, 20).Draw(t, "waiting"), Timeout: time.Hour,
	}
}

// crowd sends the requests of concurrent callers, some of which give up at random.
func crowd(t *rapid.T, do func(ctx context.Context, caller, n int)) {
	callers, each := rapid.IntRange(1, 12).Draw(t, "callers"), rapid.IntRange(1, 30).Draw(t, "each")
	leaving := rapid.IntRange(0, 3).Draw(t, "leaving")
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range each {
				ctx, cancel := context.WithCancel(context.Background())
				if caller < leaving {
					go cancel()
				}
				do(ctx, caller, n)
				cancel()
			}
		})
	}
	all.Wait()
}

func TestAReadSeesEarlierWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stored [3]atomic.Int64
		b := batch.ForReads(anyLimits(t), batch.Work[int, int, int64]{
			Key: func(key int) int { return key }, Size: func(int) int { return 1 },
			Run: func(_ context.Context, keys []int, results []batch.Result[int64]) error {
				for i, key := range keys {
					results[i].Value = stored[key].Load()
				}
				return nil
			},
		})
		defer b.Close()
		crowd(t, func(ctx context.Context, caller, n int) {
			key := (caller + n) % len(stored)
			written := stored[key].Add(1)
			if got, err := b.Do(ctx, key); err == nil && got < written {
				t.Errorf("after write %d a read sees %d", written, got)
			} else if err != nil && !errors.Is(err, batch.ErrFull) && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	})
}

func TestWritesOfOneKeyAreNeitherLostNorConcurrent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stored [3]int // without a lock, for the race detector
		var acknowledged, unknown [3]atomic.Int64
		b := batch.ForWrites(anyLimits(t), batch.Work[int, int, int]{
			Key: func(key int) int { return key }, Size: func(int) int { return 1 },
			Run: func(_ context.Context, keys []int, results []batch.Result[int]) error {
				for i, key := range keys {
					stored[key]++
					results[i].Value = key
				}
				return nil
			},
		})
		crowd(t, func(ctx context.Context, caller, n int) {
			key := (caller + n) % len(stored)
			switch got, err := b.Do(ctx, key); {
			case err == nil && got == key:
				acknowledged[key].Add(1)
			case errors.Is(err, context.Canceled):
				unknown[key].Add(1)
			case !errors.Is(err, batch.ErrFull):
				t.Errorf("the write of %d is answered with %d, %v", key, got, err)
			}
		})
		b.Close()
		for key, n := range stored {
			low := acknowledged[key].Load()
			if high := low + unknown[key].Load(); int64(n) < low || int64(n) > high {
				t.Errorf("key %d has %d writes; it should have %d to %d", key, n, low, high)
			}
		}
	})
}
