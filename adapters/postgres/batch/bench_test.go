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
	limits := batch.Limits{MaxBatches: 2, MaxRequests: 256, MaxWaiting: 4096, Timeout: time.Minute}
	l := batch.ForReads(limits, batch.Work[int, int, int]{
		Key: func(key int) int { return key },
		Run: func(_ context.Context, keys []int, results []batch.Result[int]) error {
			for i, key := range keys {
				results[i].Value = key
			}
			return nil
		},
	})
	tb.Cleanup(l.Close)
	return l
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

// The batch costs a context with its timer; the requests themselves nothing.
func TestARequestNeedsNoMemory(t *testing.T) {
	echoes := echo(t)
	const most = 6 // of the batch
	if got := testing.AllocsPerRun(1000, func() {
		if _, err := echoes.Do(t.Context(), 1); err != nil {
			t.Error(err)
		}
	}); got > most {
		t.Errorf("a batch of one request allocates %v times; %d is the most", got, most)
	}
}
