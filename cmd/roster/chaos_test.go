package main

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/history"
)

// chaosOperations is how many operations meet a fault, unless ROSTER_TEST_CHAOS is set.
const chaosOperations = 1_000

// maxGrowth is how many bytes the program may use more after a fault than before: caches
// grow with the number of requests.
const maxGrowth = 16 << 20

// chaos is a served directory that clients read and change while a fault lasts.
type chaos struct {
	t        *testing.T
	postgres *pgtest.Server
	database string // the address at which the program reaches it
	server   *spawned
	socket   string // of its runtime
	long     bool   // make test-chaos: the fault lasts, and times are compared
	n        int    // operations
	client   *http.Client
	// acknowledged are the names of the users that the test itself creates, and whether that
	// was acknowledged.
	acknowledged map[string]bool
}

// fault is something that goes wrong.
type fault struct {
	// start makes it go wrong, and returns what ends that.
	start func(c *chaos) (end func())
	// during, unless nil, says what requests meet during the fault. It returns when the
	// fault is noticed.
	during func(c *chaos, w *watch)
	// answers asks the database what it can't do during the fault; nil: whether it answers.
	answers string
	// lasts is how long make test-chaos leaves it so after it is noticed.
	lasts time.Duration
	// timed is whether writes are refused for a part of a second after the end, however many
	// there are.
	timed bool
}

// durably makes the server of a test keep what it acknowledges when its processes are
// killed.
func durably(o *embedded.Options) { o.Settings["synchronous_commit"] = "on" }

func operationsOfChaos(t *testing.T) int {
	t.Helper()
	return countOf(t, "operations", "ROSTER_TEST_CHAOS", chaosOperations)
}

// parallelIfShort makes a test parallel, unless it compares times.
func parallelIfShort(t *testing.T) {
	t.Helper()
	if operationsOfChaos(t) <= chaosOperations {
		t.Parallel()
	}
}

// newChaos serves a directory. way returns the address at which the program is to reach
// the database; nil: directly.
func newChaos(t *testing.T, postgres *pgtest.Server, way func(address string) string, settings ...string) *chaos {
	t.Helper()
	n := operationsOfChaos(t)
	c := &chaos{
		t: t, postgres: postgres, long: n > chaosOperations, n: n, socket: runtimeSocket(t),
		client: &http.Client{Transport: &http.Transport{}}, acknowledged: map[string]bool{},
	}
	c.database = postgres.URL("roster")
	if way != nil {
		c.database = way(c.database)
	}
	settings = append([]string{"DATABASE_URL=" + c.database, runtimeVariable + "=" + c.socket}, settings...)
	c.server = spawnWith(t, "roster", settings)
	return c
}

// meet lets requests meet a fault, and checks what is promised.
func (c *chaos) meet(f fault) {
	c.t.Helper()
	s := newScenario(c.n/4, c.server.url)
	c.t.Cleanup(s.stop)
	s.start(1)
	s.running.Wait() // pools are full then, and caches warm
	before := c.idle()

	w := startWatch(c.t, c.server.url)
	s.resume(c.n)
	s.await(c.t, s.done.Load()+int64(c.n/4))
	end := f.start(c)
	if f.during != nil {
		f.during(c, w)
	}
	if c.long {
		time.Sleep(f.lasts)
	}
	first := c.awaitRecovery(f, end)
	s.await(c.t, s.wanted)
	s.stop()
	w.stop()
	c.client.CloseIdleConnections()
	w.check(c.t, c.long)
	h := c.verify(s)
	after := c.settled(before)
	c.t.Logf("%s; %s; %d operations, %d of them without a response, and %d lists; goroutines %d before and %d after, heap %d and %d KiB",
		first, w, len(h.Operations), countUnknown(h), len(h.Lists), before.Goroutines, after.Goroutines, before.Heap>>10, after.Heap>>10)
}

// verify checks that nothing acknowledged was lost, and that each response is one that
// may be.
func (c *chaos) verify(s *scenario) *history.History {
	c.t.Helper()
	h := s.history()
	for name := range c.acknowledged {
		h.Unsure[name] = true // the scenario does not know it
	}
	if err := h.Check(); err != nil {
		c.t.Error(err)
	}
	s.refuseUnexpected(c.t)
	stored := pgtest.Column[string](c.t, pgtest.Connect(c.t, c.postgres.URL("roster")),
		"SELECT username FROM roster.users WHERE starts_with(username, 'chaos')")
	for name, done := range c.acknowledged {
		if done && !slices.Contains(stored, name) {
			c.t.Errorf("the user %s was created, and is lost", name)
		}
	}
	return h
}

// idle returns what the program uses when no request is under way.
func (c *chaos) idle() (used usage) {
	c.t.Helper()
	pgtest.Eventually(c.t, "the end of all requests", func() bool {
		again := usageAt(c.t, c.socket)
		quiet := again.Goroutines == used.Goroutines
		used = again
		return quiet
	})
	return used
}

// maxChecks is how often the program is asked whether it has given everything back.
const maxChecks = 500

// settled waits until the program uses no more than before, and its connections to the
// database are idle.
func (c *chaos) settled(before usage) (after usage) {
	c.t.Helper()
	for range maxChecks {
		after = usageAt(c.t, c.socket)
		if after.Goroutines <= before.Goroutines && after.Heap <= before.Heap+maxGrowth && c.busyConnections() == 0 {
			return after
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.t.Errorf("%d goroutines were %d before; the heap of %d bytes was %d; %d connections are busy or too many:\n%s",
		after.Goroutines, before.Goroutines, after.Heap, before.Heap, c.busyConnections(), after.Stacks)
	return after
}

// busyConnections counts the connections of the program that do not wait for a statement,
// and those beyond the pool and the check of readiness.
func (c *chaos) busyConnections() int {
	return query[int](c.t, c.postgres.URL("roster"), `SELECT (count(*) FILTER (WHERE state <> 'idle') + greatest(count(*) - 21, 0))::int
		FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'roster'`)
}

// send sends a request of the test itself.
func (c *chaos) send(method, path, body string) (response, error) {
	return do(c.client, newRequestTo(c.t, method, c.server.url+path, body))
}

// create creates another user than all before.
func (c *chaos) create() (response, error) {
	name := fmt.Sprintf("chaos%d", len(c.acknowledged))
	got, err := c.send("POST", "/users", createUser(name))
	c.acknowledged[name] = err == nil && got.status == http.StatusCreated
	return got, err
}
