package batch_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

func TestALoneRequestIsSentAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		b := batch.ForReads(limits, work(&store{}))
		defer b.Close()
		if got, err := b.Do(t.Context(), request{1, 1}); err != nil || got != (request{1, 1}) {
			t.Errorf("%v, %v", got, err)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the request waited %s", waited)
		}
	})
}

func TestALoneRequestIsCancelledWithItsCaller(t *testing.T) {
	for name, start := range kinds() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				b := start(limits, work(s))
				defer b.Close()
				synctest.Wait() // until its workers wait
				ctx, cancel := context.WithCancel(t.Context())
				first, second := asked{t: t}, asked{t: t}
				first.ask(ctx, b, request{1, 1})
				second.ask(t.Context(), b, request{1, 2})
				cancel()
				wantAll(t, first.answers(), context.Canceled)
				synctest.Wait()
				s.release()
				second.wantAll(same)
				s.wantSizes(t, 1, 1)
			})
		})
	}
}

func TestADirectBatcherRunsEachRequestByItself(t *testing.T) {
	refused := errors.New("refused")
	s := &store{each: func(r request) error {
		if r.key == 2 {
			return refused
		}
		return nil
	}}
	b := batch.Direct(work(s))
	for _, r := range []request{{1, 1}, {2, 2}, {1, 3}} {
		want := map[int]error{2: refused}[r.key]
		if got, err := b.Do(t.Context(), r); !errors.Is(err, want) || got != r {
			t.Errorf("%v is answered with %v, %v", r, got, err)
		}
	}
	s.fault = func([]request) error { return refused }
	if _, err := b.Do(t.Context(), request{3, 4}); !errors.Is(err, refused) {
		t.Errorf("a batch that fails as a whole: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Do(ended, request{3, 5}); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that has given up: %v", err)
	}
	b.Close()
	s.wantSizes(t, 1, 1, 1, 1)
}

func TestRequestsThatArriveDuringABatchAreTheNextBatch(t *testing.T) {
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
		a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
		s.release()
		s.release()
		a.wantAll(same)
		s.wantSizes(t, 1, 3)
	})
}

func TestEqualRequestsThatWaitAreRunOnce(t *testing.T) {
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
		a.ask(t.Context(), b, request{7, 1}, request{7, 2}, request{7, 3}, request{8, 4}, request{7, 5})
		s.release()
		s.release()
		// A request that arrived after the first was sent must not get its answer.
		first := map[request]request{{7, 1}: {7, 1}, {7, 2}: {7, 2}, {7, 3}: {7, 2}, {7, 5}: {7, 2}, {8, 4}: {8, 4}}
		a.wantAll(func(r request) request { return first[r] })
		s.wantSizes(t, 1, 2)
	})
}

func TestABatchIsLimited(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*batch.Limits)
		want   []int
	}{
		"by its number of requests":       {func(l *batch.Limits) { l.MaxRequests = 2 }, []int{1, 2, 2, 1}},
		"by its bytes":                    {func(l *batch.Limits) { l.MaxBytes = 9 }, []int{1, 3, 1, 1}},
		"but not split below one request": {func(l *batch.Limits) { l.MaxBytes = 1 }, []int{1, 1, 1, 1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, limits := held(), limits
				c.change(&limits)
				w := work(s)
				w.Size = func(r request) int { return r.key }
				b := batch.ForReads(limits, w)
				defer b.Close()
				a := asked{t: t}
				a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4}, request{5, 5}, request{6, 6})
				close(s.held)
				a.wantAll(same)
				s.wantSizes(t, c.want...)
			})
		})
	}
}

func TestSeveralBatchesRunAtATime(t *testing.T) {
	limits := limits
	limits.MaxBatches = 2
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
		a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
		s.wantSizes(t, 1, 1)
		close(s.held)
		a.wantAll(same)
		s.wantSizes(t, 1, 1, 2)
	})
}

func TestAFullBatcherRefusesRequests(t *testing.T) {
	limits := limits
	limits.MaxWaiting = 2
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
		a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{2, 3})
		if _, err := b.Do(t.Context(), request{2, 4}); !errors.Is(err, batch.ErrFull) {
			t.Errorf("a request too many is answered with %v", err)
		}
		if n := b.Waiting(); n != limits.MaxWaiting {
			t.Errorf("%d requests wait", n)
		}
		s.release()
		a.ask(t.Context(), b, request{5, 5}) // there is room again
		close(s.held)
		for _, got := range a.answers() {
			if got.err != nil {
				t.Error(got.err)
			}
		}
	})
}

func TestCloseAnswersAcceptedRequestsAndRefusesOthers(t *testing.T) {
	for name, kind := range kinds() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				b := kind(limits, work(s))
				a := asked{t: t}
				a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{2, 2})
				closed := closing(b)
				synctest.Wait()
				if _, err := b.Do(t.Context(), request{3, 3}); !errors.Is(err, batch.ErrClosed) {
					t.Errorf("after Close: %v", err)
				}
				close(s.held)
				<-closed
				a.wantAll(same)
			})
		})
	}
}

func TestLimitsAndWorkAreChecked(t *testing.T) {
	sound := work(&store{})
	for want, change := range map[string]func(*batch.Limits, *batch.Work[int, request, request]){
		"MaxBatches is 0":   func(l *batch.Limits, _ *batch.Work[int, request, request]) { l.MaxBatches = 0 },
		"MaxRequests is -1": func(l *batch.Limits, _ *batch.Work[int, request, request]) { l.MaxRequests = -1 },
		"MaxBytes is -1":    func(l *batch.Limits, _ *batch.Work[int, request, request]) { l.MaxBytes = -1 },
		"MaxWaiting is 0":   func(l *batch.Limits, _ *batch.Work[int, request, request]) { l.MaxWaiting = 0 },
		"Timeout is 0":      func(l *batch.Limits, _ *batch.Work[int, request, request]) { l.Timeout = 0 },
		"needs Key":         func(_ *batch.Limits, w *batch.Work[int, request, request]) { w.Key = nil },
		"and Run":           func(_ *batch.Limits, w *batch.Work[int, request, request]) { w.Run = nil },
		"and Size":          func(l *batch.Limits, _ *batch.Work[int, request, request]) { l.MaxBytes = 1 },
	} {
		limits, work := limits, sound
		change(&limits, &work)
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("%q does not say %q", said, want)
				}
			}()
			batch.ForReads(limits, work).Close()
		}()
	}
}
