package batch_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

func TestABatchHasATimeout(t *testing.T) {
	withHeld(t, limits, func(t *testing.T, s *store, b *batcher, _ *asked) {
		if _, err := b.Do(t.Context(), request{1, 1}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestTheErrorOfABatchFailsNoOtherBatch(t *testing.T) {
	broken := errors.New("broken")
	for name, fault := range map[string]func([]request) error{
		"an error": func([]request) error { return broken },
		"a panic":  func([]request) error { panic(broken) },
	} {
		t.Run(name, func(t *testing.T) {
			withHeldWrites(t, limits, func(t *testing.T, s *store, b *batcher, _ *asked) {
				failing, others := asked{t: t}, asked{t: t}
				s.fault = fault
				failing.ask(t.Context(), b, request{1, 1})
				others.ask(t.Context(), b, request{1, 2}, request{2, 3})
				s.release()
				s.fault = nil
				got := failing.answers()[0].err
				if panicked, ok := errors.AsType[*batch.PanicError](got); ok {
					text, value := got.Error(), any(broken)
					if panicked.Value != value || !strings.Contains(text, "broken") || !strings.Contains(text, "failures_test.go") {
						t.Errorf("%v does not hold the value and the stack of the panic", got)
					}
				} else if !errors.Is(got, broken) {
					t.Error(got)
				}
				close(s.held)
				others.wantAll(same)
			})
		})
	}
}

func TestARequestThatIsRefusedFailsNoOther(t *testing.T) {
	refused := errors.New("refused")
	synctest.Test(t, func(t *testing.T) {
		s := held()
		s.each = func(r request) error {
			if r.key == 3 {
				return refused
			}
			return nil
		}
		b := batch.ForWrites(limits, work(s))
		defer b.Close()
		others, failing := asked{t: t}, asked{t: t}
		others.ask(t.Context(), b, request{1, 1}, request{2, 2})
		failing.ask(t.Context(), b, request{3, 3})
		close(s.held)
		others.wantAll(same)
		wantAll(t, failing.answers(), refused)
	})
}

func TestABatchThatFailsIsBisected(t *testing.T) {
	refused, gone := errors.New("refused"), errors.New("gone")
	for name, c := range map[string]struct {
		bisect func(error) bool
		fault  func([]request) error
		want   []error // of the requests 2, 3 and 4
		sizes  []int
	}{
		"never unless the work says so": {nil, withThird(refused), []error{refused, refused, refused}, []int{1, 3}},
		"not if no request is at fault": {is(refused), withThird(gone), []error{gone, gone, gone}, []int{1, 3}},
		"to find the one that is":       {is(refused), withThird(refused), []error{nil, refused, nil}, []int{1, 3, 1, 2, 1, 1}},
		"until the store is gone": {is(refused), func(all []request) error {
			if len(all) > 1 {
				return refused
			}
			return withThird(gone)(all)
		}, []error{nil, gone, gone}, []int{1, 3, 1, 2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				s.fault = c.fault
				w := work(s)
				w.Bisect = c.bisect
				b := batch.ForWrites(limits, w)
				defer b.Close()
				a := asked{t: t}
				a.ask(t.Context(), b, request{1, 1}, request{2, 2}, request{3, 3}, request{4, 4})
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
				s.wantSizes(t, c.sizes...)
			})
		})
	}
}

// withThird fails the batches that have request 3.
func withThird(err error) func([]request) error {
	return func(all []request) error {
		if slices.ContainsFunc(all, func(r request) bool { return r.key == 3 }) {
			return err
		}
		return nil
	}
}

func is(one error) func(error) bool { return func(err error) bool { return errors.Is(err, one) } }
