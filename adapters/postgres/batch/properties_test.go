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

// anyLimits are small enough for each of them to matter.
func anyLimits(t *rapid.T) batch.Limits {
	return batch.Limits{
		MaxBatches: rapid.IntRange(1, 4).Draw(t, "slots"), MaxRequests: rapid.IntRange(1, 5).Draw(t, "requests"),
		MaxBytes: rapid.IntRange(0, 3).Draw(t, "bytes"), MaxWaiting: rapid.IntRange(1, 20).Draw(t, "queue"), Timeout: time.Minute,
	}
}

// crowd has callers ask at the same time, some of whom give up at random.
func crowd(t *rapid.T, do func(ctx context.Context, caller, n int)) {
	callers, each := rapid.IntRange(1, 12).Draw(t, "callers"), rapid.IntRange(1, 30).Draw(t, "each")
	impatient := rapid.IntRange(0, 3).Draw(t, "impatient")
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range each {
				ctx, cancel := context.WithCancel(context.Background())
				if caller < impatient {
					go cancel()
				}
				do(ctx, caller, n)
				cancel()
			}
		})
	}
	all.Wait()
}

func TestAReadSeesWhatWasWrittenBeforeIt(t *testing.T) {
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

func TestWritesOfOneKeyAreNeitherLostNorAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stored [3]int // without a lock: the race detector watches
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
			least := acknowledged[key].Load()
			if most := least + unknown[key].Load(); int64(n) < least || int64(n) > most {
				t.Errorf("%d has %d writes; %d to %d were done", key, n, least, most)
			}
		}
	})
}
