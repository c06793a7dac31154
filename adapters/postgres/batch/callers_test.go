package batch_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

func TestACallerThatGivesUpBeforeTheBatchIsNotInIt(t *testing.T) {
	for name, start := range kinds() {
		t.Run(name, func(t *testing.T) {
			withHeldKind(t, start, limits, func(t *testing.T, s *store, b *batcher, stays *asked) {
				ctx, cancel := context.WithCancel(t.Context())
				leaves := asked{t: t}
				stays.ask(t.Context(), b, request{1, 1}, request{2, 2})
				leaves.ask(ctx, b, request{2, 3}, request{4, 4}, request{1, 5})
				stays.ask(t.Context(), b, request{6, 6})
				cancel()
				wantAll(t, leaves.answers(), context.Canceled)
				close(s.held)
				stays.wantAll(same)
				if got := s.batches[1]; !slices.Equal(got, []request{{2, 2}, {6, 6}}) {
					t.Errorf("the second batch is %v", got)
				}
			})
		})
	}
}

func TestACallerThatGivesUpDuringTheBatchDoesNotEndIt(t *testing.T) {
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, stays *asked) {
		ctx, cancel := context.WithCancel(t.Context())
		first, leaves := asked{t: t}, asked{t: t}
		first.ask(t.Context(), b, request{1, 1})
		leaves.ask(ctx, b, request{2, 2})
		stays.ask(t.Context(), b, request{3, 3})
		s.release()
		cancel()
		wantAll(t, leaves.answers(), context.Canceled)
		s.release()
		stays.wantAll(same)
	})
}

func TestACallerThatGaveUpSendsNoRequest(t *testing.T) {
	s := &store{}
	b := batch.ForReads(limits, work(s))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Do(ctx, request{1, 1}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	b.Close()
	if len(s.batches) > 0 {
		t.Errorf("the batches are %v", s.batches)
	}
}

func TestACallerThatGivesUpMakesRoomForAnotherRequest(t *testing.T) {
	limits := limits
	limits.MaxWaiting = 1
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, stays *asked) {
		ctx, cancel := context.WithCancel(t.Context())
		leaves := asked{t: t}
		stays.ask(t.Context(), b, request{1, 1})
		leaves.ask(ctx, b, request{2, 2})
		cancel()
		wantAll(t, leaves.answers(), context.Canceled)
		stays.ask(t.Context(), b, request{3, 3})
		close(s.held)
		stays.wantAll(same)
	})
}

func wantAll(t *testing.T, answers []answer, want error) {
	t.Helper()
	for _, got := range answers {
		if !errors.Is(got.err, want) {
			t.Errorf("%v is answered with %v, %v", got.of, got.value, got.err)
		}
	}
}

func TestWritesWithEqualKeysRunOneAfterTheOther(t *testing.T) {
	limits := limits
	limits.MaxBatches = 3
	withHeldWrites(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
		a.ask(t.Context(), b, request{1, 1}, request{1, 2}, request{1, 3}, request{2, 4}, request{1, 5})
		s.wantSizes(t, 1, 1)
		close(s.held)
		a.wantAll(same)
		var order []int
		for _, b := range s.batches {
			for _, r := range b {
				if r.key == 1 {
					order = append(order, r.who)
				}
			}
		}
		if !slices.Equal(order, []int{1, 2, 3, 5}) {
			t.Errorf("they were run in the order %d", order)
		}
	})
}

func TestManyWritesOfOneKeyDoNotDelayOthers(t *testing.T) {
	withHeldWrites(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
		for n := range 20 {
			a.ask(t.Context(), b, request{1, n})
		}
		a.ask(t.Context(), b, request{2, 0}, request{3, 0})
		close(s.held)
		a.wantAll(same)
		if got := s.batches[1]; !slices.Equal(got, []request{{2, 0}, {3, 0}, {1, 1}}) {
			t.Errorf("the second batch is %v", got)
		}
	})
}

func TestTheDeadlineOfACallerEndsOnlyItsOwnRequest(t *testing.T) {
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, _ *asked) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first, late := asked{t: t}, asked{t: t}
		first.ask(t.Context(), b, request{1, 1})
		late.ask(ctx, b, request{2, 2})
		wantAll(t, late.answers(), context.DeadlineExceeded)
		close(s.held)
		first.wantAll(same)
	})
}

func TestEachRunsTheRequestsOfABatchInTurn(t *testing.T) {
	odd := errors.New("odd")
	run := batch.Each(func(_ context.Context, n int) (int, error) {
		if n%2 == 1 {
			return 0, odd
		}
		return n * n, nil
	})
	results := make([]batch.Result[int], 3)
	if err := run(t.Context(), []int{2, 3, 4}, results); err != nil {
		t.Fatal(err)
	}
	if want := []batch.Result[int]{{Value: 4}, {Err: odd}, {Value: 16}}; !slices.Equal(results, want) {
		t.Errorf("the results are %v, not %v", results, want)
	}
}
