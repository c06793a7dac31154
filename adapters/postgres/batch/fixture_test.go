package batch_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// request is a key, and the number of the caller that asks for it.
type request struct{ key, who int }

type batcher = batch.Batcher[int, request, request]

// store answers each request with the first of its key in the batch. It records the
// batches. Each batch waits until the test releases it.
type store struct {
	mu      sync.Mutex
	batches [][]request
	held    chan struct{} // nil: batches do not wait
	fault   func([]request) error
	each    func(request) error
}

func (s *store) run(ctx context.Context, requests []request, results []batch.Result[request]) error {
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

// release lets one batch go on, and waits until nothing else happens.
func (s *store) release() {
	s.held <- struct{}{}
	synctest.Wait()
}

// wantSizes fails the test unless the batches so far have these numbers of requests.
func (s *store) wantSizes(t *testing.T, want ...int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []int
	for _, b := range s.batches {
		got = append(got, len(b))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the batches have %d requests, not %d", got, want)
	}
}

// wantBatches fails the test unless the batches so far have these requests.
func (s *store) wantBatches(t *testing.T, want [][]request) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.EqualFunc(s.batches, want, slices.Equal) {
		t.Errorf("the batches are %v, not %v", s.batches, want)
	}
}

func held() *store { return &store{held: make(chan struct{})} }

var limits = batch.Limits{MaxBatches: 1, MaxRequests: 100, MaxWaiting: 100, Timeout: time.Minute}

func work(s *store) batch.Work[int, request, request] {
	return batch.Work[int, request, request]{Key: func(r request) int { return r.key }, Run: s.run}
}

// asked is requests of a test, and the answers so far.
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

// ask sends requests. Each is sent after the one before it has arrived.
func (a *asked) ask(ctx context.Context, b *batcher, requests ...request) {
	a.t.Helper()
	for _, r := range requests {
		a.all.Go(func() {
			value, err := b.Do(ctx, r)
			a.mu.Lock()
			a.got = append(a.got, answer{r, value, err})
			a.mu.Unlock()
		})
		synctest.Wait()
	}
}

// answers waits for all answers.
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

// withHeld runs a test of a batcher of reads whose batches wait until the test releases
// them.
func withHeld(t *testing.T, limits batch.Limits, test func(*testing.T, *store, *batcher, *asked)) {
	t.Helper()
	withHeldKind(t, batch.ForReads[int, request, request], limits, test)
}

// withHeldWrites is withHeld for writes.
func withHeldWrites(t *testing.T, limits batch.Limits, test func(*testing.T, *store, *batcher, *asked)) {
	t.Helper()
	withHeldKind(t, batch.ForWrites[int, request, request], limits, test)
}

func withHeldKind(t *testing.T, start constructor, limits batch.Limits, test func(*testing.T, *store, *batcher, *asked)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := held()
		b := start(limits, work(s))
		defer b.Close()
		test(t, s, b, &asked{t: t})
	})
}

func same(r request) request { return r }

// closing closes b in another goroutine, and closes the channel after that.
func closing(b *batcher) <-chan struct{} {
	closed := make(chan struct{})
	go func() {
		b.Close()
		close(closed)
	}()
	return closed
}

type constructor func(batch.Limits, batch.Work[int, request, request]) *batcher

func kinds() map[string]constructor {
	return map[string]constructor{
		"reads": batch.ForReads[int, request, request], "writes": batch.ForWrites[int, request, request],
	}
}
