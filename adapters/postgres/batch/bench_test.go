package batch_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

// echo answers keys with themselves.
func echo(tb testing.TB) *batch.Batcher[int, int, int] {
	tb.Helper()
	limits := batch.Limits{MaxBatches: 2, MaxRequests: 256, MaxWaiting: 4096, Timeout: time.Hour}
	b := batch.ForReads(limits, batch.Work[int, int, int]{
		Key: func(key int) int { return key },
		Run: func(_ context.Context, keys []int, results []batch.Result[int]) error {
			for i, key := range keys {
				results[i].Value = key
			}
			return nil
		},
	})
	tb.Cleanup(b.Close)
	return b
}

func BenchmarkALoneRequest(b *testing.B) {
	echoes := echo(b)
	b.ReportAllocs()
	for n := range b.N {
		if _, err := echoes.Do(b.Context(), n); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFiveHundredCallers(b *testing.B) {
	echoes := echo(b)
	b.SetParallelism(500 / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for n := 0; p.Next(); n++ {
			if _, err := echoes.Do(b.Context(), n); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// The allocations are those of the batch: a context and its timer.
func TestARequestAllocatesNothing(t *testing.T) {
	echoes := echo(t)
	const maxAllocations = 6 // of the batch
	if got := testing.AllocsPerRun(1000, func() {
		if _, err := echoes.Do(t.Context(), 1); err != nil {
			t.Error(err)
		}
	}); got > maxAllocations {
		t.Errorf("a batch of one request allocates %v times; the limit is %d", got, maxAllocations)
	}
}
