package sqlcheck

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// limited is a share of two connections, whose pool has three, and its clock.
func withFew() (s *share, clock *time.Time, reported *[]int) {
	clock, reported = new(time.Time), new([]int)
	*clock = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s = &share{
		max: 3, limit: 2, reported: 2, refused: *clock,
		now: func() time.Time { return *clock }, changed: func(n int) { *reported = append(*reported, n) },
	}
	return s, clock, reported
}

func enter(t *testing.T, s *share) {
	t.Helper()
	if err := s.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestStatementsWaitForTheConnectionsThatThereAre(t *testing.T) {
	t.Parallel()
	s, _, _ := withFew()
	enter(t, s)
	enter(t, s)
	entered := make(chan error)
	go func() { entered <- s.enter(t.Context()) }()
	for waiting := 0; waiting == 0; {
		s.mu.Lock()
		waiting = len(s.waiting)
		s.mu.Unlock()
	}
	s.leave()
	if err := <-entered; err != nil || s.inUse != 2 {
		t.Errorf("%d are in use: %v", s.inUse, err)
	}
}

func TestAStatementThatIsNotWaitedForTakesNoConnection(t *testing.T) {
	t.Parallel()
	s, _, _ := withFew()
	enter(t, s)
	enter(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.enter(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	s.leave()
	s.leave()
	if s.inUse != 0 || len(s.waiting) != 0 {
		t.Errorf("%d are in use, and %d wait", s.inUse, len(s.waiting))
	}
}

func TestOneMoreConnectionIsTriedAfterSomeTime(t *testing.T) {
	t.Parallel()
	s, clock, reported := withFew()
	enter(t, s)
	enter(t, s)
	*clock = clock.Add(retryAfter)
	enter(t, s)
	if s.limit != 0 || !slices.Equal(*reported, []int{3}) {
		t.Errorf("the limit is %d, and reported is %v", s.limit, *reported)
	}
}
