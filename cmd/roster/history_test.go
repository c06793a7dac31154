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

// The sizes of a history. The users are few, so that clients meet.
const (
	historyClients    = 16
	historyUsers      = 8
	historyOperations = 4_000   // unless ROSTER_TEST_HISTORY says how many in all
	historyRound      = 100_000 // the most that is checked at once
)

// TestWhatConcurrentClientsAreToldIsLinearizable drives a roster serve in a
// process of its own while connections are killed, PostgreSQL is restarted and
// clients hang up. The server heeds the environment of the test.
func TestWhatConcurrentClientsAreToldIsLinearizable(t *testing.T) {
	t.Parallel()
	left := historyOperations
	if set := os.Getenv("ROSTER_TEST_HISTORY"); set != "" {
		var err error
		if left, err = strconv.Atoi(set); err != nil {
			t.Fatalf("ROSTER_TEST_HISTORY is %q: write how many operations", set)
		}
	}
	postgres := pgtest.StartServer(t)
	for round := 1; left > 0; round++ {
		n := min(left, historyRound)
		left -= n
		recordAndCheck(t, postgres, round, n)
	}
}

func recordAndCheck(t *testing.T, postgres *pgtest.Server, round, n int) {
	t.Helper()
	database := postgres.URL(fmt.Sprintf("round%d", round))
	server := spawn(t, database)
	defer server.kill()
	s := newStage(server.url, n)
	t.Cleanup(s.leave)
	s.enter(uint64(round))
	killed, restarts := s.disturb(t, postgres, database)
	s.leave()
	h := s.history()
	if err := h.Check(); err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	t.Logf("round %d: %d operations, %d of them without an answer, and %d lists; %d connections killed, %d restarts of PostgreSQL",
		round, len(h.Operations), countUnknown(h), len(h.Lists), killed, restarts)
	for _, c := range s.clients {
		if len(c.strange) > 0 {
			t.Errorf("client %d was told what nobody should be, %d times, such as %s", c.number, len(c.strange), c.strange[0])
		}
	}
	if killed == 0 || restarts == 0 || countUnknown(h) == 0 {
		t.Error("nothing was disturbed")
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

// stage is where clients meet: the server, and the users that they know of.
type stage struct {
	url     string
	start   time.Time
	wanted  int64
	done    atomic.Int64 // operations
	slots   [historyUsers]slot
	clients []*historian
	ended   chan struct{}
	all     sync.WaitGroup
	leave   func() // ends the clients
}

// slot is a user that all clients know of.
type slot struct {
	mu      sync.Mutex
	id      string // "" at first
	version int64  // the newest that somebody saw
	over    bool   // deleted, or too often without an answer: to be made anew
	unsure  int
}

func newStage(url string, n int) *stage {
	s := &stage{url: url, start: time.Now(), wanted: int64(n), ended: make(chan struct{})}
	s.leave = sync.OnceFunc(func() {
		close(s.ended)
		s.all.Wait()
	})
	return s
}

// enter starts the clients.
func (s *stage) enter(seed uint64) {
	for n := range historyClients {
		client := newHistorian(s, n, seed)
		s.clients = append(s.clients, client)
		s.all.Go(client.run)
	}
}

// moment is the time of the history: it never goes back.
func (s *stage) moment() int64 { return int64(time.Since(s.start)) }

// over reports whether there are enough operations, or the test has ended.
func (s *stage) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return s.done.Load() >= s.wanted
	}
}

// disturb kills connections and restarts PostgreSQL, by the count of operations,
// until there are enough of these.
func (s *stage) disturb(t *testing.T, postgres *pgtest.Server, database string) (killed, restarts int) {
	t.Helper()
	const kills, perRestart = 20, 10 // a round; a restart each ten
	for i := 1; i <= kills; i++ {
		s.await(t, s.wanted*int64(i)/(kills+1))
		if i%perRestart == perRestart/2 {
			postgres.Stop()
			postgres.Start()
			restarts++
			continue
		}
		n, err := strconv.Atoi(ask(t, database, `SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`))
		if err != nil {
			t.Fatal(err)
		}
		killed += n
	}
	s.await(t, s.wanted)
	return killed, restarts
}

// await waits until so many operations are done.
func (s *stage) await(t *testing.T, n int64) {
	t.Helper()
	for last, since := s.done.Load(), time.Now(); s.done.Load() < n; time.Sleep(time.Millisecond) {
		if now := s.done.Load(); now != last {
			last, since = now, time.Now()
		}
		if time.Since(since) > time.Minute {
			t.Fatalf("%d of %d operations are done, and no more for a minute", last, n)
		}
	}
}

// history is what the clients noted, once they have left.
func (s *stage) history() *history.History {
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
