package batch_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

// leavesOut makes a batcher leave requests with negative keys out. Those run alone,
// each until the test releases it.
func leavesOut(w *batch.Work[int, request, request], alone func(context.Context, request) (request, error)) {
	run := w.Run
	w.Run = func(ctx context.Context, requests []request, results []batch.Result[request]) error {
		if err := run(ctx, requests, results); err != nil {
			return err
		}
		for i, r := range requests {
			results[i].LeftOut = r.key < 0
		}
		return nil
	}
	w.Alone = alone
}

func TestARequestThatIsLeftOutDelaysNoBatch(t *testing.T) {
	for name, start := range kinds() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, released := &store{}, make(chan struct{})
				w := work(s)
				leavesOut(&w, func(_ context.Context, r request) (request, error) {
					<-released
					return request{r.key, 100 + r.who}, nil
				})
				b := start(limits, w) // one batch at a time
				defer b.Close()
				waiting, others := asked{t: t}, asked{t: t}
				waiting.ask(t.Context(), b, request{-1, 1}, request{-2, 2}, request{-1, 3})
				others.ask(t.Context(), b, request{1, 4}, request{2, 5})
				others.wantAll(same) // though all that were left out wait
				close(released)
				waiting.wantAll(func(r request) request { return request{r.key, 100 + r.who} })
				s.wantSizes(t, 1, 1, 1, 1, 1)
			})
		})
	}
}

func TestARequestThatIsLeftOutKeepsItsContextAndItsError(t *testing.T) {
	refused := errors.New("refused")
	alone := func(ctx context.Context, r request) (request, error) {
		if r.key == -1 {
			return r, refused
		}
		<-ctx.Done()
		return r, ctx.Err()
	}
	synctest.Test(t, func(t *testing.T) {
		s := held()
		w := work(s)
		leavesOut(&w, alone)
		b := batch.ForWrites(limits, w)
		defer b.Close()
		ctx, cancel := context.WithCancel(t.Context())
		first, failing, gone := asked{t: t}, asked{t: t}, asked{t: t}
		first.ask(t.Context(), b, request{1, 1})
		failing.ask(t.Context(), b, request{-1, 2})
		gone.ask(ctx, b, request{-2, 3})
		close(s.held)
		first.wantAll(same)
		wantAll(t, failing.answers(), refused)
		cancel()
		wantAll(t, gone.answers(), context.Canceled)
		s.wantSizes(t, 1, 2)
	})
}

func TestADirectBatcherLeavesOut(t *testing.T) {
	w := work(&store{})
	leavesOut(&w, func(_ context.Context, r request) (request, error) { return request{r.key, 100}, nil })
	b := batch.Direct(w)
	for _, r := range []request{{1, 1}, {-1, 2}} {
		want := map[int]request{1: r, -1: {-1, 100}}[r.key]
		if got, err := b.Do(t.Context(), r); err != nil || got != want {
			t.Errorf("%v is answered with %v, %v", r, got, err)
		}
	}
}

func TestABatchMayLeaveOutAllOfItsRequests(t *testing.T) {
	stopped := errors.New("stopped")
	for name, c := range map[string]struct {
		fault func([]request) error
		each  func(request) error
		want  []int // the callers whose requests run alone
	}{
		"if it fails as a whole": {fault: withThird(stopped), want: []int{2, 3, 4}},
		"or one of them": {each: func(r request) error {
			if r.key == 3 {
				return stopped
			}
			return nil
		}, want: []int{3}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				s.fault, s.each = c.fault, c.each
				w := work(s)
				w.Bisect = is(stopped) // LeavesOut is asked first
				w.LeavesOut = func(ctx context.Context, err error) bool { return errors.Is(err, stopped) && batch.Requests(ctx) == 3 }
				w.Alone = func(_ context.Context, r request) (request, error) { return request{r.key, 100}, nil }
				b := batch.ForWrites(limits, w)
				defer b.Close()
				a := asked{t: t}
				a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
				close(s.held)
				a.wantAll(func(r request) request {
					if slices.Contains(c.want, r.who) {
						return request{r.key, 100}
					}
					return r
				})
				s.wantSizes(t, 1, 3)
			})
		})
	}
}
