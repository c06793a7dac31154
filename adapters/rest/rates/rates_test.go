package rates

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// clock is a time that only a test moves.
type clock struct{ time time.Time }

func (c *clock) now() time.Time { return c.time }

func (c *clock) pass(d time.Duration) { c.time = c.time.Add(d) }

func newClock() *clock { return &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

func TestAnAllowanceIsSpentAndGrows(t *testing.T) {
	c := newClock()
	l := New(2, 10, c.now)
	for i, step := range []struct {
		after time.Duration
		cost  int
		want  Result
	}{
		{0, 1, Result{Remaining: 9}},
		{0, 9, Result{Remaining: 0}},
		{0, 1, Result{Wait: 1}},
		{0, 3, Result{Wait: 2}},
		{time.Second, 3, Result{Wait: 1, Remaining: 2}}, // a refused request took nothing
		{500 * time.Millisecond, 3, Result{Remaining: 0}},
		{time.Hour, 1, Result{Remaining: 9}},
		{0, 10, Result{Wait: 1, Remaining: 9}},
	} {
		c.pass(step.after)
		if got := l.Take("ada", step.cost); got != step.want {
			t.Errorf("step %d: got %+v, want %+v", i, got, step.want)
		}
	}
	if got := l.Take("bob", 10); got.Wait != 0 {
		t.Errorf("another caller is refused: %+v", got)
	}
}

func TestACostAboveTheBurstTakesAWholeAllowance(t *testing.T) {
	c := newClock()
	l := New(5, 50, c.now)
	if got := l.Take("ada", 100); got != (Result{}) {
		t.Errorf("from a whole allowance: %+v", got)
	}
	if got := l.Take("ada", 100); got != (Result{Wait: 10}) {
		t.Errorf("from an empty one: %+v", got)
	}
	c.pass(10 * time.Second)
	if got := l.Take("ada", 100); got != (Result{}) {
		t.Errorf("once it is whole again: %+v", got)
	}
}

// TestTheWaitIsEnough: who waits as long as told is admitted, and a second less is not
// enough.
func TestTheWaitIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perSecond := rapid.IntRange(1, 1000).Draw(t, "per second")
		c := newClock()
		l := New(perSecond, rapid.IntRange(1, 60*perSecond).Draw(t, "burst"), c.now)
		for range rapid.IntRange(1, 50).Draw(t, "requests") {
			cost := rapid.IntRange(1, 200).Draw(t, "cost")
			got := l.Take("ada", cost)
			if got.Wait == 0 {
				c.pass(time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "pause")))
				continue
			}
			c.pass(time.Duration(got.Wait-1) * time.Second)
			if again := l.Take("ada", cost); got.Wait > 1 && again.Wait != 1 {
				t.Fatalf("after %d s of %d it is told to wait %d s", got.Wait-1, got.Wait, again.Wait)
			}
			c.pass(time.Second)
			if again := l.Take("ada", cost); again.Wait != 0 {
				t.Fatalf("after %d s it is told to wait %d s more", got.Wait, again.Wait)
			}
		}
	})
}

func TestWholeAllowancesAreDropped(t *testing.T) {
	c := newClock()
	l := New(10, 100, c.now)
	const callers = 1000
	for i := range 10 * callers {
		l.Take(fmt.Sprint(i), 1)
		c.pass(100 * time.Millisecond / callers) // 1,000 callers in the time that a unit takes
	}
	if got := len(l.bySubject); got > callers+1 || got != l.byUse.Len() {
		t.Errorf("%d allowances are kept, and %d in order", got, l.byUse.Len())
	}
	l.Take("ada", 100)
	c.pass(5 * time.Second)
	for range callers {
		l.Take("bob", 1)
		c.pass(100 * time.Millisecond)
		if l.bySubject["ada"] == nil && c.time.Before(newClock().time.Add(11*time.Second)) {
			t.Fatal("an allowance was dropped before it was whole")
		}
	}
	if got := len(l.bySubject); got != 1 {
		t.Errorf("%d allowances are kept of those that are whole", got)
	}
}

func TestUnauthenticatedRequestsShareAnAllowance(t *testing.T) {
	c := newClock()
	l := New(1, 2, c.now)
	for i, wait := range []int{0, 0, 1, 1} {
		if got := l.TakeUnauthenticated(1); got.Wait != wait {
			t.Errorf("request %d: %+v", i, got)
		}
	}
	if got := l.Take("ada", 2); got.Wait != 0 || len(l.bySubject) != 1 {
		t.Errorf("a caller is refused with them, %+v, or %d allowances are kept", got, len(l.bySubject))
	}
}

func TestHeadersAreStructuredFields(t *testing.T) {
	l := New(3, 10, newClock().now)
	if got := l.Policy()[0]; got != `"default";q=10;w=4` {
		t.Errorf("the policy is %s", got)
	}
	for remaining, want := range map[int]string{10: `"default";r=10`, 9: `"default";r=9;t=1`, 0: `"default";r=0;t=1`} {
		if got := l.Header(Result{Remaining: remaining}); got != want {
			t.Errorf("%d remaining: %s", remaining, got)
		}
	}
}
