package database

import (
	"context"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// limitsIn returns what a guard says in a batch of n requests; 0 is no batch.
func limitsIn(t *testing.T, guard sqlcheck.Guard, n int) (limits sqlcheck.Limits) {
	t.Helper()
	run := func(ctx context.Context) {
		var leave func()
		var err error
		if limits, leave, err = guard(ctx); err != nil {
			t.Fatal(err)
		}
		leave()
	}
	if n == 0 {
		run(t.Context())
		return limits
	}
	b := batch.ForReads(batch.Limits{MaxBatches: 1, MaxRequests: n, MaxWaiting: n, Timeout: time.Hour}, batch.Work[int, int, int]{
		Key: Itself[int], Run: func(ctx context.Context, all []int, _ []batch.Result[int]) error {
			if len(all) == n {
				run(ctx)
			}
			return nil
		},
	})
	defer b.Close()
	if _, err := b.Do(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return limits
}

func TestStatementsHaveTheLimitsOfTheirClass(t *testing.T) {
	c := &core{shares: newShares(20, -1)}
	c.signalWrites()
	lock := sqlcheck.Limits{Lock: 50 * time.Millisecond}
	for name, each := range map[string]struct {
		guard sqlcheck.Guard
		n     int
		want  sqlcheck.Limits
	}{
		"a read":                 {c.readGuard(Quick), 0, sqlcheck.Limits{}},
		"a read in its batch":    {c.readGuard(Slow), 1, sqlcheck.Limits{}},
		"a read that is a count": {c.plainGuard(Counts), 0, sqlcheck.Limits{}},
		"a request that waits":   {c.plainGuard(Waiting), 0, sqlcheck.Limits{}},
		"a write":                {c.writeGuard, 0, sqlcheck.Limits{Lock: lock.Lock, Statement: time.Second}},
		"a batch of one write":   {c.writeGuard, 1, sqlcheck.Limits{Lock: lock.Lock, Statement: 260 * time.Millisecond}},
	} {
		if got := limitsIn(t, each.guard, each.n); got != each.want {
			t.Errorf("%s: %v, not %v", name, got, each.want)
		}
	}
	for range c.shares.of(Quick) / 2 {
		if got := limitsIn(t, c.readGuard(Quick), 0); got != (sqlcheck.Limits{}) {
			t.Errorf("a read while few run: %v", got)
		}
		if err := c.shares.enter(t.Context(), Quick); err != nil {
			t.Fatal(err)
		}
	}
	if got := limitsIn(t, c.readGuard(Quick), 0); got != lock {
		t.Errorf("a read while many run: %v", got)
	}
	if got := batchTime(256); got != 2810*time.Millisecond {
		t.Errorf("a batch of 256 may take %s", got)
	}
}

func TestTheLimitsOfTheConnectionsHoldWhereTheyAreLower(t *testing.T) {
	c := &core{shares: newShares(20, -1), options: Options{LockTimeout: time.Millisecond, StatementTimeout: 2 * time.Millisecond}}
	c.signalWrites()
	want := sqlcheck.Limits{Lock: time.Millisecond, Statement: 2 * time.Millisecond}
	for n := range 2 {
		if got := limitsIn(t, c.writeGuard, n); got != want {
			t.Errorf("a write in a batch of %d: %v", n, got)
		}
	}
}
