package app_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// following runs a test with fake time. In the end the reader of the log has time to end.
func following(t *testing.T, test func(*testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		test(t)
		time.Sleep(time.Minute)
	})
}

// collect follows until it has n entries, and returns their numbers.
func collect(t *testing.T, feed *app.LogFeed, n int) (numbers []int64) {
	in := app.FollowLog{Wait: 30 * time.Second, Limit: domain.DefaultListSize}
	for len(numbers) < n {
		page, err := feed.Follow(t.Context(), domain.LocalAdministrator(), in)
		if err != nil {
			t.Error(err)
			return numbers
		}
		for _, e := range page.Entries {
			numbers = append(numbers, e.Entry.Number)
		}
		in.After = &page.Next
	}
	return numbers
}

func inOrder(numbers []int64) bool {
	for i, n := range numbers {
		if n != int64(i+1) {
			return false
		}
	}
	return true
}

func TestFollowersShareOneReader(t *testing.T) {
	t.Parallel()
	following(t, func(t *testing.T) {
		store := newLogStore()
		feed := app.NewLogFeed(store)
		var followers sync.WaitGroup
		const many, changes = 200, 50
		for range many {
			followers.Go(func() {
				if got := collect(t, feed, changes); !inOrder(got) {
					t.Errorf("the entries are %v", got)
				}
			})
		}
		synctest.Wait()
		time.Sleep(time.Second)
		before := store.readsSoFar()
		for range changes {
			store.add(true, ports.FollowedEntry{})
			time.Sleep(time.Second)
		}
		followers.Wait()
		// Each change and each poll is a read; none is for one follower alone.
		if reads := store.readsSoFar() - before; reads > changes*6 {
			t.Errorf("%d followers and %d changes in as many seconds took %d reads", many, changes, reads)
		}
		time.Sleep(10 * time.Second)
		before = store.readsSoFar()
		time.Sleep(time.Hour)
		if reads := store.readsSoFar() - before; reads > 0 {
			t.Errorf("while nobody follows there were %d reads", reads)
		}
	})
}

func TestAnEntryComesSoon(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		tell bool
		most time.Duration
	}{
		"of this process":    {true, 50 * time.Millisecond},
		"of another process": {false, 300 * time.Millisecond},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			following(t, func(t *testing.T) {
				store := newLogStore()
				feed := app.NewLogFeed(store)
				done := make(chan time.Time)
				go func() {
					collect(t, feed, 1)
					done <- time.Now()
				}()
				time.Sleep(3 * time.Second)
				began := time.Now()
				store.add(c.tell, ports.FollowedEntry{})
				if took := (<-done).Sub(began); took > c.most {
					t.Errorf("the entry came after %v", took)
				}
			})
		})
	}
}

func TestASlowFollowerMissesNothing(t *testing.T) {
	t.Parallel()
	following(t, func(t *testing.T) {
		store := newLogStore()
		feed := app.NewLogFeed(store)
		var others sync.WaitGroup
		others.Go(func() { collect(t, feed, 20_001) }) // it keeps the reader going
		time.Sleep(time.Second)
		for range 20 {
			store.add(true, make([]ports.FollowedEntry, 1000)...)
			time.Sleep(time.Second)
		}
		if got := collect(t, feed, 20_000); !inOrder(got) {
			t.Error("entries are missing, or out of order")
		}
		store.add(true, ports.FollowedEntry{})
		others.Wait()
	})
}

func TestFollowersGetWhatPassesTheirFilters(t *testing.T) {
	t.Parallel()
	following(t, func(t *testing.T) {
		mine, other := domain.OrganizationID{1}, domain.OrganizationID{2}
		store := newLogStore()
		store.add(true,
			ports.FollowedEntry{Entry: domain.LogEntry{Kind: domain.PlanCreated}},
			ports.FollowedEntry{Entry: domain.LogEntry{Kind: domain.OrganizationCreated, Organization: mine}},
			ports.FollowedEntry{Entry: domain.LogEntry{Kind: domain.OrganizationCreated, Organization: other}},
			ports.FollowedEntry{Entry: domain.LogEntry{Kind: domain.UserUpdated}, Members: []domain.OrganizationID{other, mine}},
			ports.FollowedEntry{Entry: domain.LogEntry{Kind: domain.UserUpdated}, Members: []domain.OrganizationID{other}},
		)
		feed := app.NewLogFeed(store)
		all := domain.LocalAdministrator()
		bound := domain.Principal{Subject: "key", Scopes: []domain.Scope{domain.ScopeAdmin}, Within: mine}
		for what, c := range map[string]struct {
			caller domain.Principal
			in     app.FollowLog
			want   int
		}{
			"all":                                {all, app.FollowLog{}, 5},
			"a kind":                             {all, app.FollowLog{Kinds: []domain.LogKind{domain.UserUpdated}}, 2},
			"an organization":                    {all, app.FollowLog{Organization: mine}, 2},
			"a bound caller":                     {bound, app.FollowLog{}, 2},
			"a bound caller, its organization":   {bound, app.FollowLog{Organization: mine}, 2},
			"a bound caller, another's":          {bound, app.FollowLog{Organization: other}, 0},
			"a kind of an organization":          {all, app.FollowLog{Organization: mine, Kinds: []domain.LogKind{domain.UserUpdated}}, 1},
			"a kind that a bound caller can not": {bound, app.FollowLog{Kinds: []domain.LogKind{domain.PlanCreated}}, 0},
		} {
			c.in.Limit = domain.DefaultListSize
			page, err := feed.Follow(t.Context(), c.caller, c.in)
			if err != nil || len(page.Entries) != c.want || page.Next.Number != 5 {
				t.Errorf("%s: %d entries up to %d, %v", what, len(page.Entries), page.Next.Number, err)
			}
		}
		reader := domain.Principal{Subject: "key", Scopes: []domain.Scope{domain.ScopeRead}}
		if _, err := feed.Follow(t.Context(), reader, app.FollowLog{Limit: domain.DefaultListSize}); !errors.Is(err, domain.Denied) {
			t.Errorf("a caller without the scope admin gets %v", err)
		}
	})
}

func TestAFollowerOfALostTimelineLearnsOfIt(t *testing.T) {
	t.Parallel()
	following(t, func(t *testing.T) {
		store := newLogStore()
		store.add(true, ports.FollowedEntry{})
		feed := app.NewLogFeed(store)
		after := &ports.LogPosition{Change: 1, Number: 1}
		in := app.FollowLog{After: after, Limit: domain.DefaultListSize, Wait: 30 * time.Second}
		failed := make(chan error)
		go func() {
			_, err := feed.Follow(t.Context(), domain.LocalAdministrator(), in)
			failed <- err
		}()
		time.Sleep(time.Second)
		store.mu.Lock()
		store.timeline = [16]byte{1}
		store.mu.Unlock()
		if err := <-failed; !errors.Is(err, domain.Gone) {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestFollowersOutlastAFailureOfTheStore(t *testing.T) {
	t.Parallel()
	following(t, func(t *testing.T) {
		store := newLogStore()
		feed := app.NewLogFeed(store)
		got := make(chan []int64)
		go func() { got <- collect(t, feed, 2) }()
		time.Sleep(time.Second)
		store.mu.Lock()
		store.err = errors.New("no connection")
		store.mu.Unlock()
		time.Sleep(5 * time.Second)
		store.mu.Lock()
		store.err = nil
		store.mu.Unlock()
		store.add(false, ports.FollowedEntry{}, ports.FollowedEntry{})
		if numbers := <-got; !inOrder(numbers) || len(numbers) != 2 {
			t.Errorf("the entries are %v", numbers)
		}
	})
}

func TestAWaitEnds(t *testing.T) {
	t.Parallel()
	following(t, func(t *testing.T) {
		feed := app.NewLogFeed(newLogStore())
		in := app.FollowLog{Limit: domain.DefaultListSize, Wait: 20 * time.Second}
		began := time.Now()
		page, err := feed.Follow(t.Context(), domain.LocalAdministrator(), in)
		if took := time.Since(began); err != nil || len(page.Entries) > 0 || took != in.Wait {
			t.Errorf("%v entries after %v, %v", page.Entries, took, err)
		}
		stop := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(stop) })
		in.Stop = stop
		began = time.Now()
		if _, err = feed.Follow(t.Context(), domain.LocalAdministrator(), in); err != nil || time.Since(began) != time.Second {
			t.Errorf("the wait was stopped after %v, %v", time.Since(began), err)
		}
	})
}
