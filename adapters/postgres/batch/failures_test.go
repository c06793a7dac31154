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
	synctest.Test(t, func(t *testing.T) {
		s := held()
		b := batch.ForReads(limits, work(s))
		defer b.Close()
		if _, err := b.Do(t.Context(), request{1, 1}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestTheErrorOfABatchIsItsOwn(t *testing.T) {
	broken := errors.New("broken")
	for name, fault := range map[string]func([]request) error{
		"an error": func([]request) error { return broken },
		"a panic":  func([]request) error { panic(broken) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := held()
				b := batch.ForWrites(limits, work(s))
				defer b.Close()
				hurt, well := asked{t: t}, asked{t: t}
				s.fault = fault
				hurt.ask(t.Context(), b, request{1, 1})
				well.ask(t.Context(), b, request{1, 2}, request{2, 3})
				s.release()
				s.fault = nil
				got := hurt.answers()[0].err
				if panicked, ok := errors.AsType[*batch.PanicError](got); ok {
					if panicked.Value != broken || !strings.Contains(got.Error(), "broken") || !strings.Contains(got.Error(), "failures_test.go") {
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
		b := batch.ForWrites(limits, work(s))
		defer b.Close()
		well, hurt := asked{t: t}, asked{t: t}
		well.ask(t.Context(), b, request{1, 1}, request{2, 2})
		hurt.ask(t.Context(), b, request{3, 3})
		close(s.held)
		well.wantAll(same)
		wantAll(t, hurt.answers(), refused)
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
