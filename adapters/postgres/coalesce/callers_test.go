package coalesce_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
)

func TestACallerWhoGivesUp(t *testing.T) {
	t.Run("before the batch is not in it, and its neighbours are", func(t *testing.T) {
		for name, kind := range kinds() {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := held()
					l := kind(limits, work(s))
					defer l.Close()
					ctx, cancel := context.WithCancel(t.Context())
					stays, leaves := asked{t: t}, asked{t: t}
					stays.ask(t.Context(), l, request{1, 1}, request{2, 2})
					leaves.ask(ctx, l, request{2, 3}, request{4, 4}, request{1, 5})
					stays.ask(t.Context(), l, request{6, 6})
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
	})
	t.Run("during the batch does not end it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := held()
			l := coalesce.Sharing(limits, work(s))
			defer l.Close()
			ctx, cancel := context.WithCancel(t.Context())
			first, stays, leaves := asked{t: t}, asked{t: t}, asked{t: t}
			first.ask(t.Context(), l, request{1, 1})
			leaves.ask(ctx, l, request{2, 2})
			stays.ask(t.Context(), l, request{3, 3})
			s.release()
			cancel()
			wantAll(t, leaves.answers(), context.Canceled)
			s.release()
			stays.wantAll(same)
		})
	})
	t.Run("before it asks is not heard", func(t *testing.T) {
		s := &store{}
		l := coalesce.Sharing(limits, work(s))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := l.Do(ctx, request{1, 1}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		l.Close()
		if len(s.batches) > 0 {
			t.Errorf("it was run: %v", s.batches)
		}
	})
	t.Run("makes room for another", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, limits := held(), limits
			limits.Queue = 1
			l := coalesce.Sharing(limits, work(s))
			defer l.Close()
			ctx, cancel := context.WithCancel(t.Context())
			stays, leaves := asked{t: t}, asked{t: t}
			stays.ask(t.Context(), l, request{1, 1})
			leaves.ask(ctx, l, request{2, 2})
			cancel()
			wantAll(t, leaves.answers(), context.Canceled)
			stays.ask(t.Context(), l, request{3, 3})
			close(s.held)
			stays.wantAll(same)
		})
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

func TestABatchHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := held()
		l := coalesce.Sharing(limits, work(s))
		defer l.Close()
		if _, err := l.Do(t.Context(), request{1, 1}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestWhatABatchBreaksWithIsItsOwn(t *testing.T) {
	broken := errors.New("broken")
	for name, fault := range map[string]func([]request) error{
		"an error": func([]request) error { return broken },
		"a panic":  func([]request) error { panic(broken) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				l := coalesce.Exclusive(limits, work(s))
				defer l.Close()
				hurt, well := asked{t: t}, asked{t: t}
				s.fault = fault
				hurt.ask(t.Context(), l, request{1, 1})
				well.ask(t.Context(), l, request{1, 2}, request{2, 3})
				s.release()
				s.fault = nil
				got := hurt.answers()[0].err
				if panicked, ok := errors.AsType[*coalesce.PanicError](got); ok {
					if panicked.Value != broken || !strings.Contains(got.Error(), "broken") || !strings.Contains(got.Error(), "callers_test.go") {
						t.Errorf("%v does not tell what panicked, and where", got)
					}
				} else if !errors.Is(got, broken) {
					t.Error(got)
				}
				close(s.held)
				well.wantAll(same)
			})
		})
	}
}

func TestARequestThatIsRefusedHarmsNoOther(t *testing.T) {
	refused := errors.New("refused")
	synctest.Test(t, func(t *testing.T) {
		s := held()
		s.each = func(r request) error {
			if r.key == 3 {
				return refused
			}
			return nil
		}
		l := coalesce.Exclusive(limits, work(s))
		defer l.Close()
		well, hurt := asked{t: t}, asked{t: t}
		well.ask(t.Context(), l, request{1, 1}, request{2, 2})
		hurt.ask(t.Context(), l, request{3, 3})
		close(s.held)
		well.wantAll(same)
		wantAll(t, hurt.answers(), refused)
	})
}

func TestABatchThatFailsIsSplit(t *testing.T) {
	refused, gone := errors.New("refused"), errors.New("gone")
	for name, c := range map[string]struct {
		split func(error) bool
		fault func([]request) error
		want  []error // of the requests 2, 3 and 4
		sizes []int
	}{
		"never unless the work says so": {nil, among(3, refused), []error{refused, refused, refused}, []int{1, 3}},
		"not if no request is at fault": {is(refused), among(3, gone), []error{gone, gone, gone}, []int{1, 3}},
		"to find the one that is":       {is(refused), among(3, refused), []error{nil, refused, nil}, []int{1, 3, 1, 2, 1, 1}},
		"until the store is gone": {is(refused), func(all []request) error {
			if len(all) > 1 {
				return refused
			}
			return among(3, gone)(all)
		}, []error{nil, gone, gone}, []int{1, 3, 1, 2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				s.fault = c.fault
				w := work(s)
				w.Split = c.split
				l := coalesce.Exclusive(limits, w)
				defer l.Close()
				a := asked{t: t}
				a.ask(t.Context(), l, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
				close(s.held)
				for _, got := range a.answers() {
					if got.of.key == 1 {
						continue
					}
					want := c.want[got.of.key-2]
					if !errors.Is(got.err, want) || want == nil && got.value != got.of {
						t.Errorf("%v is answered with %v, %v", got.of, got.value, got.err)
					}
				}
				if got := s.sizes(); !slices.Equal(got, c.sizes) {
					t.Errorf("the batches have %d requests, not %d", got, c.sizes)
				}
			})
		})
	}
}

// among fails batches that have the key.
func among(key int, err error) func([]request) error {
	return func(all []request) error {
		if slices.ContainsFunc(all, func(r request) bool { return r.key == key }) {
			return err
		}
		return nil
	}
}

func is(one error) func(error) bool { return func(err error) bool { return errors.Is(err, one) } }

func TestAnExclusiveLaneRunsEqualKeysOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, limits := held(), limits
		limits.Slots = 3
		l := coalesce.Exclusive(limits, work(s))
		defer l.Close()
		a := asked{t: t}
		a.ask(t.Context(), l, request{1, 1}, request{1, 2}, request{1, 3}, request{2, 4}, request{1, 5})
		if got := s.sizes(); !slices.Equal(got, []int{1, 1}) {
			t.Errorf("the batches under way have %d requests", got)
		}
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

func TestAFrequentKeyDoesNotDelayOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := held()
		l := coalesce.Exclusive(limits, work(s))
		defer l.Close()
		a := asked{t: t}
		for n := range 20 {
			a.ask(t.Context(), l, request{1, n})
		}
		a.ask(t.Context(), l, request{2, 0}, request{3, 0})
		close(s.held)
		a.wantAll(same)
		if got := s.batches[1]; !slices.Equal(got, []request{{2, 0}, {3, 0}, {1, 1}}) {
			t.Errorf("the second batch is %v", got)
		}
	})
}

func TestACallersDeadlineIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := held()
		l := coalesce.Sharing(limits, work(s))
		defer l.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first, late := asked{t: t}, asked{t: t}
		first.ask(t.Context(), l, request{1, 1})
		late.ask(ctx, l, request{2, 2})
		wantAll(t, late.answers(), context.DeadlineExceeded)
		close(s.held)
		first.wantAll(same)
	})
}

func TestEachRunsOneAfterTheOther(t *testing.T) {
	odd := errors.New("odd")
	run := coalesce.Each(func(_ context.Context, n int) (int, error) {
		if n%2 == 1 {
			return 0, odd
		}
		return n * n, nil
	})
	results := make([]coalesce.Result[int], 3)
	if err := run(t.Context(), []int{2, 3, 4}, results); err != nil {
		t.Fatal(err)
	}
	if want := []coalesce.Result[int]{{4, nil}, {0, odd}, {16, nil}}; !slices.Equal(results, want) {
		t.Errorf("the results are %v, not %v", results, want)
	}
}
