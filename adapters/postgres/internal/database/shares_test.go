package database

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestAllConnectionsAreDividedAmongTheClasses(t *testing.T) {
	for connections := 1; connections <= 200; connections++ {
		d := divide(connections)
		total, groups := 0, map[int]bool{}
		for class := range numClasses {
			if d.of(class) < 1 {
				t.Errorf("of %d connections class %d gets %d", connections, class, d.of(class))
			}
			if group := d.group[class]; !groups[group] {
				groups[group] = true
				total += d.size[group]
			}
		}
		if total != connections {
			t.Errorf("of %d connections, %d are given out", connections, total)
		}
		if want := min(connections, int(numClasses)); len(groups) != want {
			t.Errorf("%d connections are divided into %d groups", connections, len(groups))
		}
	}
	want := [numClasses]int{Quick: 5, Slow: 3, Batched: 4, Waiting: 3, Alone: 2, Streams: 2, Counts: 1}
	if got := divide(20).size; got != want {
		t.Errorf("20 connections are divided into %v, not %v", got, want)
	}
	if d := divide(0); d.of(Quick) != 1 {
		t.Errorf("without a connection, one is expected: %v", d)
	}
}

// enterAll takes so much of a class's share as it is given at once.
func enterAll(t *testing.T, s *shares, class Class) {
	t.Helper()
	for range s.of(class) {
		if err := s.enter(t.Context(), class); err != nil {
			t.Fatal(err)
		}
	}
}

// isBusy reports whether an error refuses a request for now, and says what runs.
func isBusy(err error) bool {
	var fault *domain.Error
	return errors.As(err, &fault) && fault.Kind == domain.Unavailable && fault.Reason == domain.ReasonOverloaded && fault.Detail != ""
}

func TestWorkThatLastsKeepsNoOtherClassWaiting(t *testing.T) {
	for _, connections := range []int{2, 3, 4, 5, 6, 7, 20, 100} {
		s := newShares(connections, DefaultQueueTimeout)
		enterAll(t, s, Streams)
		for _, class := range []Class{Quick, Slow, Batched, Alone, Counts} {
			if err := s.enter(t.Context(), class); err != nil {
				t.Errorf("%d connections, class %d: %v", connections, class, err)
			}
			s.leave[class]()
		}
	}
}

func TestARequestBeyondItsShareIsRefusedAfterItsTime(t *testing.T) {
	for class := range numClasses {
		synctest.Test(t, func(t *testing.T) {
			s := newShares(20, DefaultQueueTimeout)
			enterAll(t, s, class)
			start := time.Now()
			if err := s.enter(t.Context(), class); !isBusy(err) {
				t.Error(err)
			}
			if took := time.Since(start); took != traits[class].wait {
				t.Errorf("class %d waited %s", class, took)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			if err := s.enter(ctx, class); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			s.leave[class]()
			if err := s.enter(t.Context(), class); err != nil {
				t.Errorf("class %d has room: %v", class, err)
			}
		})
	}
}

func TestNoMoreThanSoManyWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShares(20, -1)
		enterAll(t, s, Counts)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range maxWaiting {
			all.Go(func() {
				if err := s.enter(ctx, Counts); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if err := s.enter(t.Context(), Counts); !isBusy(err) {
			t.Error(err)
		}
		cancel()
		all.Wait()
	})
}

// arriving sends requests to shares, one after the other, and records the order in
// which they are admitted.
type arriving struct {
	t        *testing.T
	s        *shares
	mu       sync.Mutex
	admitted []Class
}

func (a *arriving) arrive(classes ...Class) {
	for _, class := range classes {
		go func() {
			if err := a.s.enter(a.t.Context(), class); err != nil {
				return // at the end of the test
			}
			a.mu.Lock()
			defer a.mu.Unlock()
			a.admitted = append(a.admitted, class)
		}()
		synctest.Wait()
	}
}

func (a *arriving) wantAdmitted(want ...Class) {
	a.t.Helper()
	synctest.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.admitted) != len(want) {
		a.t.Fatalf("%v were admitted, not %v", a.admitted, want)
	}
	for i := range want {
		if a.admitted[i] != want[i] {
			a.t.Fatalf("%v were admitted, not %v", a.admitted, want)
		}
	}
}

func TestClassesThatShareAConnectionTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arriving{t: t, s: newShares(3, -1)}
		a.arrive(Quick, Batched, Quick, Alone)
		a.wantAdmitted(Quick)
		for i, want := range [][]Class{{Quick, Batched}, {Quick, Batched, Quick}, {Quick, Batched, Quick, Alone}} {
			a.s.leave[want[i]]()
			a.wantAdmitted(want...)
		}
	})
}

func TestSharesFollowTheNumberOfConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arriving{t: t, s: newShares(20, -1)}
		a.arrive(Quick, Quick, Quick, Slow, Quick, Quick, Quick)
		a.wantAdmitted(Quick, Quick, Quick, Slow, Quick, Quick) // five of Quick
		a.s.resize(2)                                           // Quick and Slow share one
		a.arrive(Slow)
		for range 4 {
			a.s.leave[Quick]()
		}
		a.wantAdmitted(Quick, Quick, Quick, Slow, Quick, Quick)
		a.s.leave[Slow]()
		a.s.leave[Quick]()
		a.wantAdmitted(Quick, Quick, Quick, Slow, Quick, Quick, Quick)
		a.s.resize(20)
		a.wantAdmitted(Quick, Quick, Quick, Slow, Quick, Quick, Quick, Slow)
	})
}
