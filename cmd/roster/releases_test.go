package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/internal/history"
)

// load is how much a test sends to two releases.
type load struct {
	operations int // of a history, about few users
	tours      int // each of which sends every kind of request about records of its own
	together   int // tours at a time
}

// TestTwoReleasesShareADatabase serves one database, with the schema of this build,
// by the last release and by this build, as during an upgrade of one server after the
// other. Requests go to the one and the other in turn. ROSTER_TEST_RELEASED is the
// program of the last release, as in `make check-release`; without it, both are this
// build.
func TestTwoReleasesShareADatabase(t *testing.T) {
	t.Parallel()
	program, size := os.Getenv("ROSTER_TEST_RELEASED"), load{operations: 50_000, tours: 400, together: 8}
	if program == "" {
		program, size = "roster", load{operations: 2_000, tours: 8, together: 4}
	}
	database := migrated.Database(t)
	released, current := spawnProgram(t, program, database), spawn(t, database)
	r := &releases{T: t, urls: [2]string{released.url, current.url}, http: &http.Client{Transport: &http.Transport{}}}
	defer r.http.CloseIdleConnections()
	h := r.recordHistory(size.operations)
	r.takeTours(size)
	r.takeImports()
	for _, each := range []string{program, "roster"} {
		check := exec.Command(each, "engagement", "check")
		check.Env = append(os.Environ(), "DATABASE_URL="+database)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s engagement check: %v: %s", each, err, out)
		}
	}
	t.Logf("%d requests of %d tours, %d operations and %d lists of a history: %d unexpected responses",
		r.sent.Load(), size.tours, len(h.Operations), len(h.Lists), r.unexpected.Load())
}

// releases are the last release and this build, on one database.
type releases struct {
	*testing.T
	urls             [2]string
	http             *http.Client
	sent, unexpected atomic.Int64
}

// recordHistory sends requests about few users, and checks the responses. The lists
// are of all users, so that it comes first.
func (r *releases) recordHistory(n int) *history.History {
	s := newScenario(n, r.urls[:]...)
	r.Cleanup(s.stop)
	s.start(1)
	s.await(r.T, s.wanted)
	s.stop()
	h := s.history()
	if err := h.Check(); err != nil {
		r.Error(err)
	}
	s.refuseUnexpected(r.T)
	return h
}

// takeTours takes tours, several at a time. Every other one begins at the last
// release, so that each sends all kinds of requests.
func (r *releases) takeTours(size load) {
	var running sync.WaitGroup
	next := make(chan int)
	for range size.together {
		running.Go(func() {
			for n := range next {
				r.takeTour(n)
			}
		})
	}
	for n := range size.tours {
		next <- n
	}
	close(next)
	running.Wait()
}

func (r *releases) takeTour(n int) {
	ended := make(chan struct{})
	go func() { // which a response that is not expected ends
		defer close(ended)
		t := &tour{releases: r, turn: n, name: fmt.Sprintf("tour%d", n)}
		t.plans()
		t.users()
		t.organizations()
		t.members()
		t.events()
		t.searches()
		t.deletions()
		t.keys()
		t.ends()
	}()
	<-ended
}
