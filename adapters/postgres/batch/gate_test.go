package batch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

// hold is how long the gates of these tests hold a place.
const hold = time.Second

// behindOneGate runs a test of two batchers whose batches wait until the test releases
// them, behind a gate with one place.
func behindOneGate(t *testing.T, test func(t *testing.T, s *store, reads, writes *batcher, all *asked)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, gated := held(), limits
		gated.MaxBatches, gated.Gate = 2, batch.NewGate(1, hold)
		reads, writes := batch.ForReads(gated, work(s)), batch.ForWrites(gated, work(s))
		defer reads.Close()
		defer writes.Close()
		test(t, s, reads, writes, &asked{t: t})
	})
}

func TestABatchGrowsWhileItWaitsAtTheGate(t *testing.T) {
	behindOneGate(t, func(t *testing.T, s *store, reads, writes *batcher, all *asked) {
		all.ask(t.Context(), writes, request{1, 1})
		all.ask(t.Context(), reads, request{2, 2}, request{3, 3}, request{4, 4})
		s.wantSizes(t, 1)
		s.release()
		s.wantSizes(t, 1, 3)
		s.release()
		all.wantAll(same)
	})
}

func TestASlowBatchGivesItsPlaceBack(t *testing.T) {
	behindOneGate(t, func(t *testing.T, s *store, reads, writes *batcher, all *asked) {
		all.ask(t.Context(), writes, request{1, 1})
		all.ask(t.Context(), reads, request{2, 2})
		time.Sleep(hold)
		synctest.Wait()
		s.wantSizes(t, 1, 1)
		s.release()
		s.release()
		// Each of the two gave one place back: only one batch may run now.
		all.ask(t.Context(), writes, request{3, 3})
		all.ask(t.Context(), reads, request{4, 4})
		s.wantSizes(t, 1, 1, 1)
		s.release()
		s.release()
		all.wantAll(same)
	})
}

func TestCallersThatGiveUpAtTheGateLeaveNoBatch(t *testing.T) {
	behindOneGate(t, func(t *testing.T, s *store, reads, writes *batcher, all *asked) {
		ctx, cancel := context.WithCancel(t.Context())
		leaves := asked{t: t}
		all.ask(t.Context(), writes, request{1, 1})
		leaves.ask(ctx, reads, request{2, 2})
		cancel()
		wantAll(t, leaves.answers(), context.Canceled)
		s.release()
		all.ask(t.Context(), writes, request{3, 3})
		s.wantSizes(t, 1, 1)
		s.release()
		all.wantAll(same)
	})
}

func TestABatcherThatClosesAnswersThoseAtTheGate(t *testing.T) {
	behindOneGate(t, func(t *testing.T, s *store, reads, writes *batcher, all *asked) {
		all.ask(t.Context(), writes, request{1, 1})
		all.ask(t.Context(), reads, request{2, 2}, request{3, 3})
		closed := closing(reads)
		synctest.Wait()
		s.release()
		s.release()
		<-closed
		all.wantAll(same)
	})
}

func TestAGateNeedsPlacesAndATime(t *testing.T) {
	for _, make := range []func(){func() { batch.NewGate(0, hold) }, func() { batch.NewGate(1, 0) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a gate without places or time was made")
				}
			}()
			make()
		}()
	}
}
