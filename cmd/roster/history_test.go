package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/history"
)

// The size of a history. With few users, many requests concern the same user.
const (
	historyClients    = 16
	historyUsers      = 8
	historyOperations = 4_000   // in all, unless ROSTER_TEST_HISTORY is set
	historyRound      = 100_000 // maximum of a round, which is checked as a whole
)

// TestConcurrentHistoriesAreLinearizable sends requests to a roster serve
// in another process while connections are killed, PostgreSQL is restarted and
// clients hang up. The server has the environment of the test.
func TestConcurrentHistoriesAreLinearizable(t *testing.T) {
	t.Parallel()
	left := countOf(t, "operations", "ROSTER_TEST_HISTORY", historyOperations)
	postgres := pgtest.StartServer(t)
	for round := 1; left > 0; round++ {
		n := min(left, historyRound)
		left -= n
		recordAndCheck(t, postgres, round, n)
	}
}

// countOf returns how many things a test makes: the number of a variable of the
// environment, or the usual one if that is not set.
func countOf(t *testing.T, things, variable string, usual int) int {
	t.Helper()
	set := os.Getenv(variable)
	if set == "" {
		return usual
	}
	n, err := strconv.Atoi(set)
	if err != nil {
		t.Fatalf("%s is %q: write how many %s", variable, set, things)
	}
	return n
}

func recordAndCheck(t *testing.T, postgres *pgtest.Server, round, n int) {
	t.Helper()
	database := postgres.URL(fmt.Sprintf("round%d", round))
	server := spawn(t, database)
	defer server.kill()
	s := newScenario(n, server.url)
	t.Cleanup(s.stop)
	s.start(uint64(round))
	killed, restarts := s.disturb(t, postgres, database)
	s.stop()
	h := s.history()
	if err := h.Check(); err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	t.Logf("round %d: %d operations, %d of them without a response, and %d lists; %d connections killed, %d restarts of PostgreSQL",
		round, len(h.Operations), countUnknown(h), len(h.Lists), killed, restarts)
	s.refuseUnexpected(t)
	if killed == 0 || restarts == 0 || countUnknown(h) == 0 {
		t.Error("nothing was disturbed")
	}
}

// refuseUnexpected fails the test if a client received a response that it should not.
func (s *scenario) refuseUnexpected(t *testing.T) {
	t.Helper()
	for _, c := range s.clients {
		if len(c.unexpected) > 0 {
			t.Errorf("client %d received %d unexpected responses, such as %s", c.number, len(c.unexpected), c.unexpected[0])
		}
	}
}

func countUnknown(h *history.History) (n int) {
	for _, o := range h.Operations {
		if o.Outcome == history.Unknown {
			n++
		}
	}
	return n
}

// scenario is clients that send requests to a server about the same users.
type scenario struct {
	urls    []string // of the servers, which share a database
	began   time.Time
	wanted  int64
	done    atomic.Int64 // operations
	slots   [historyUsers]slot
	clients []*historyClient
	ended   chan struct{}
	running sync.WaitGroup
	stop    func() // stops the clients
}

// slot is a user that all clients send requests about.
type slot struct {
	mu      sync.Mutex
	id      string // empty at first
	version int64  // the highest that a client received
	over    bool   // deleted, or too often without a response: create another user
	unsure  int    // writes without a response
}

func newScenario(n int, urls ...string) *scenario {
	s := &scenario{urls: urls, began: time.Now(), wanted: int64(n), ended: make(chan struct{})}
	s.stop = sync.OnceFunc(func() {
		close(s.ended)
		s.running.Wait()
	})
	return s
}

// start starts the clients.
func (s *scenario) start(seed uint64) {
	for n := range historyClients {
		client := newHistoryClient(s, n, seed)
		s.clients = append(s.clients, client)
		s.running.Go(client.run)
	}
}

// resume lets the clients go on to more operations, once they have done those that were
// wanted.
func (s *scenario) resume(n int) {
	s.running.Wait()
	s.wanted += int64(n)
	for _, client := range s.clients {
		s.running.Go(client.run)
	}
}

// moment is the monotonic time of the history.
func (s *scenario) moment() int64 { return int64(time.Since(s.began)) }

// over reports whether there are enough operations, or the test has ended.
func (s *scenario) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return s.done.Load() >= s.wanted
	}
}

// disturb kills connections and restarts PostgreSQL, at fixed numbers of
// operations, until all operations are done.
func (s *scenario) disturb(t *testing.T, postgres *pgtest.Server, database string) (killed, restarts int) {
	t.Helper()
	const disturbances, perRestart = 20, 10 // a round
	for i := 1; i <= disturbances; i++ {
		s.await(t, s.wanted*int64(i)/(disturbances+1))
		if i%perRestart == perRestart/2 {
			postgres.Stop()
			postgres.Start()
			restarts++
			continue
		}
		killed += query[int](t, database, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}
	s.await(t, s.wanted)
	return killed, restarts
}

// await waits until a number of operations is done.
func (s *scenario) await(t *testing.T, n int64) {
	t.Helper()
	pgtest.Eventually(t, "operations", func() bool { return s.done.Load() >= n })
}

// history is the record of the clients, which must have stopped.
func (s *scenario) history() *history.History {
	h := &history.History{Unsure: map[string]bool{}}
	for _, c := range s.clients {
		h.Operations = append(h.Operations, c.operations...)
		h.Lists = append(h.Lists, c.lists...)
		for _, name := range c.unsure {
			h.Unsure[name] = true
		}
	}
	return h
}
