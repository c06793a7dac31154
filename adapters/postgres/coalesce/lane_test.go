package coalesce_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// request asks for an answer: who asks, and for what key.
type request struct{ key, who int }

type lane = coalesce.Lane[int, request, request]

// store answers each request with the first of its key in the batch. It notes
// the batches and lets each wait until the test lets it go.
type store struct {
	mu      sync.Mutex
	batches [][]request
	held    chan struct{} // nil: batches do not wait
	fault   func([]request) error
	each    func(request) error
}

func (s *store) run(ctx context.Context, requests []request, results []coalesce.Result[request]) error {
	s.mu.Lock()
	s.batches = append(s.batches, slices.Clone(requests))
	s.mu.Unlock()
	if s.held != nil {
		select {
		case <-s.held:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.fault != nil {
		if err := s.fault(requests); err != nil {
			return err
		}
	}
	for i, r := range requests {
		results[i].Value = r
		if s.each != nil {
			results[i].Err = s.each(r)
		}
	}
	return nil
}

// release lets one batch go, and waits until nothing else happens.
func (s *store) release() {
	s.held <- struct{}{}
	synctest.Wait()
}

// sizes are those of the batches so far.
func (s *store) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sizes []int
	for _, b := range s.batches {
		sizes = append(sizes, len(b))
	}
	return sizes
}

func held() *store { return &store{held: make(chan struct{})} }

var limits = coalesce.Limits{Slots: 1, Requests: 100, Queue: 100, Deadline: time.Minute}

func work(s *store) coalesce.Work[int, request, request] {
	return coalesce.Work[int, request, request]{Key: func(r request) int { return r.key }, Run: s.run}
}

// asked is requests under way.
type asked struct {
	t   *testing.T
	all sync.WaitGroup
	mu  sync.Mutex
	got []answer
}

type answer struct {
	of, value request
	err       error
}

// ask sends requests, each after the one before it has arrived.
func (a *asked) ask(ctx context.Context, l *lane, requests ...request) {
	a.t.Helper()
	for _, r := range requests {
		a.all.Go(func() {
			value, err := l.Do(ctx, r)
			a.mu.Lock()
			a.got = append(a.got, answer{r, value, err})
			a.mu.Unlock()
		})
		synctest.Wait()
	}
}

// answers waits for all of them.
func (a *asked) answers() []answer {
	a.all.Wait()
	return a.got
}

func (a *asked) wantAll(value func(request) request) {
	a.t.Helper()
	for _, got := range a.answers() {
		if got.err != nil || got.value != value(got.of) {
			a.t.Errorf("%v is answered with %v, %v", got.of, got.value, got.err)
		}
	}
}

func same(r request) request { return r }

func TestALoneRequestIsSentAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := coalesce.Sharing(limits, work(&store{}))
		defer l.Close()
		if got, err := l.Do(t.Context(), request{1, 1}); err != nil || got != (request{1, 1}) {
			t.Errorf("%v, %v", got, err)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("it waited for a timer, %s", waited)
		}
	})
}

func TestALoneRequestEndsWithItsCaller(t *testing.T) {
	for name, start := range kinds() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				l := start(limits, work(s))
				defer l.Close()
				synctest.Wait() // its workers wait
				ctx, cancel := context.WithCancel(t.Context())
				first, second := asked{t: t}, asked{t: t}
				first.ask(ctx, l, request{1, 1})
				second.ask(t.Context(), l, request{1, 2})
				cancel()
				wantAll(t, first.answers(), context.Canceled)
				synctest.Wait()
				s.release()
				second.wantAll(same)
				if got := s.sizes(); !slices.Equal(got, []int{1, 1}) {
					t.Errorf("the batches have %d requests", got)
				}
			})
		})
	}
}

func TestWhatArrivesDuringABatchIsTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := held()
		l := coalesce.Sharing(limits, work(s))
		defer l.Close()
		a := asked{t: t}
		a.ask(t.Context(), l, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
		s.release()
		s.release()
		a.wantAll(same)
		if got := s.sizes(); !slices.Equal(got, []int{1, 3}) {
			t.Errorf("the batches have %d requests", got)
		}
	})
}

func TestEqualRequestsThatWaitAreRunOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := held()
		l := coalesce.Sharing(limits, work(s))
		defer l.Close()
		a := asked{t: t}
		a.ask(t.Context(), l, request{7, 1}, request{7, 2}, request{7, 3}, request{8, 4}, request{7, 5})
		s.release()
		s.release()
		// What came after the first was sent must not have its answer.
		first := map[request]request{{7, 1}: {7, 1}, {7, 2}: {7, 2}, {7, 3}: {7, 2}, {7, 5}: {7, 2}, {8, 4}: {8, 4}}
		a.wantAll(func(r request) request { return first[r] })
		if got := s.sizes(); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("the batches have %d requests", got)
		}
	})
}

func TestABatchIsCut(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*coalesce.Limits)
		want   []int
	}{
		"by its number of requests":         {func(l *coalesce.Limits) { l.Requests = 2 }, []int{1, 2, 2, 1}},
		"by its bytes":                      {func(l *coalesce.Limits) { l.Bytes = 9 }, []int{1, 3, 1, 1}},
		"before one that alone is too much": {func(l *coalesce.Limits) { l.Bytes = 1 }, []int{1, 1, 1, 1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, limits := held(), limits
				c.change(&limits)
				w := work(s)
				w.Size = func(r request) int { return r.key }
				l := coalesce.Sharing(limits, w)
				defer l.Close()
				a := asked{t: t}
				a.ask(t.Context(), l, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4}, request{5, 5}, request{6, 6})
				close(s.held)
				a.wantAll(same)
				if got := s.sizes(); !slices.Equal(got, c.want) {
					t.Errorf("the batches have %d requests, not %d", got, c.want)
				}
			})
		})
	}
}

func TestSlotsRunAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, limits := held(), limits
		limits.Slots = 2
		l := coalesce.Sharing(limits, work(s))
		defer l.Close()
		a := asked{t: t}
		a.ask(t.Context(), l, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
		if got := s.sizes(); !slices.Equal(got, []int{1, 1}) {
			t.Errorf("the batches under way have %d requests", got)
		}
		close(s.held)
		a.wantAll(same)
		if got := s.sizes(); !slices.Equal(got, []int{1, 1, 2}) {
			t.Errorf("the batches have %d requests", got)
		}
	})
}

func TestAFullQueueShedsLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, limits := held(), limits
		limits.Queue = 2
		l := coalesce.Sharing(limits, work(s))
		defer l.Close()
		a := asked{t: t}
		a.ask(t.Context(), l, request{1, 1}, request{2, 2}, request{2, 3})
		if _, err := l.Do(t.Context(), request{2, 4}); !errors.Is(err, coalesce.ErrFull) {
			t.Errorf("one too many is answered with %v", err)
		}
		s.release()
		a.ask(t.Context(), l, request{5, 5}) // there is room again
		close(s.held)
		for _, got := range a.answers() {
			if got.err != nil {
				t.Error(got.err)
			}
		}
	})
}

func TestCloseAnswersWhatWasTakenAndTakesNoMore(t *testing.T) {
	for name, kind := range kinds() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				l := kind(limits, work(s))
				a := asked{t: t}
				a.ask(t.Context(), l, request{1, 1}, request{2, 2}, request{2, 2})
				closed := closing(l)
				synctest.Wait()
				if _, err := l.Do(t.Context(), request{3, 3}); !errors.Is(err, coalesce.ErrClosed) {
					t.Errorf("after Close: %v", err)
				}
				close(s.held)
				<-closed
				a.wantAll(same)
			})
		})
	}
}

// closing closes l elsewhere and tells when that is done.
func closing(l *lane) <-chan struct{} {
	closed := make(chan struct{})
	go func() {
		l.Close()
		close(closed)
	}()
	return closed
}

func kinds() map[string]func(coalesce.Limits, coalesce.Work[int, request, request]) *lane {
	return map[string]func(coalesce.Limits, coalesce.Work[int, request, request]) *lane{
		"sharing": coalesce.Sharing[int, request, request], "exclusive": coalesce.Exclusive[int, request, request],
	}
}

func TestLimitsAndWorkAreChecked(t *testing.T) {
	sound := work(&store{})
	for want, change := range map[string]func(*coalesce.Limits, *coalesce.Work[int, request, request]){
		"Slots is 0":     func(l *coalesce.Limits, _ *coalesce.Work[int, request, request]) { l.Slots = 0 },
		"Requests is -1": func(l *coalesce.Limits, _ *coalesce.Work[int, request, request]) { l.Requests = -1 },
		"Bytes is -1":    func(l *coalesce.Limits, _ *coalesce.Work[int, request, request]) { l.Bytes = -1 },
		"Queue is 0":     func(l *coalesce.Limits, _ *coalesce.Work[int, request, request]) { l.Queue = 0 },
		"Deadline is 0":  func(l *coalesce.Limits, _ *coalesce.Work[int, request, request]) { l.Deadline = 0 },
		"needs Key":      func(_ *coalesce.Limits, w *coalesce.Work[int, request, request]) { w.Key = nil },
		"and Run":        func(_ *coalesce.Limits, w *coalesce.Work[int, request, request]) { w.Run = nil },
		"and Size":       func(l *coalesce.Limits, _ *coalesce.Work[int, request, request]) { l.Bytes = 1 },
	} {
		limits, work := limits, sound
		change(&limits, &work)
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("%q does not say %q", said, want)
				}
			}()
			coalesce.Sharing(limits, work).Close()
		}()
	}
}
