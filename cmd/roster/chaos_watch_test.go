package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// watch asks for /livez and /readyz all the time.
type watch struct {
	checks []*check
	client *http.Client
	done   chan struct{}
	all    sync.WaitGroup
}

// check is the responses of a path.
type check struct {
	path string

	mu       sync.Mutex
	statuses map[int]int // number by status; 0 is no response
	slowest  time.Duration
}

func startWatch(t *testing.T, url string) *watch {
	t.Helper()
	w := &watch{client: &http.Client{Transport: &http.Transport{}}, done: make(chan struct{})}
	for _, path := range []string{"/livez", "/readyz"} {
		c := &check{path: path, statuses: map[int]int{}}
		w.checks = append(w.checks, c)
		w.all.Go(func() {
			for {
				select {
				case <-w.done:
					return
				case <-time.After(5 * time.Millisecond):
					c.ask(w.client, newRequestTo(t, "GET", url+path, ""))
				}
			}
		})
	}
	t.Cleanup(w.stop)
	return w
}

func (w *watch) stop() {
	select {
	case <-w.done:
	default:
		close(w.done)
	}
	w.all.Wait()
	w.client.CloseIdleConnections()
}

func (c *check) ask(client *http.Client, request *http.Request) {
	began := time.Now()
	got, err := do(client, request)
	took := time.Since(began)
	if err != nil {
		got.status = 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[got.status]++
	c.slowest = max(c.slowest, took)
}

// ready is how often /readyz was answered with a status.
func (w *watch) ready(status int) int {
	c := w.checks[1]
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.statuses[status]
}

// awaitUnready waits until /readyz says that the database does not answer.
func (w *watch) awaitUnready(t *testing.T) {
	t.Helper()
	pgtest.Eventually(t, "503 of /readyz", func() bool { return w.ready(503) > 2 })
}

// check requires that /livez succeeds always, and /readyz is always answered. It
// compares times if asked to.
func (w *watch) check(t *testing.T, times bool) {
	t.Helper()
	for _, c := range w.checks {
		for status := range c.statuses {
			if status != 200 && (status != 503 || c.path == "/livez") {
				t.Errorf("%s was answered with %d: %s", c.path, status, w)
			}
		}
		// The check of readiness gives up after a second.
		most := map[string]time.Duration{"/livez": time.Second, "/readyz": 2 * time.Second}[c.path]
		if times && c.slowest > most {
			t.Errorf("%s took %s, more than %s", c.path, c.slowest, most)
		}
	}
}

func (w *watch) String() string {
	var told []string
	for _, c := range w.checks {
		c.mu.Lock()
		text := c.path
		for _, status := range slices.Sorted(maps.Keys(c.statuses)) {
			text += fmt.Sprintf(" %d: %d,", status, c.statuses[status])
		}
		told = append(told, fmt.Sprintf("%s slowest %s", text, c.slowest.Round(time.Millisecond)))
		c.mu.Unlock()
	}
	return strings.Join(told, "; ")
}

// recovery is the first success after a fault.
type recovery struct {
	attempts int // of requests, since the database answers, with the one that succeeds
	took     time.Duration
	last     string // what the last attempt without success met
}

func (r recovery) String() string {
	return fmt.Sprintf("the first success after %s in attempt %d", r.took.Round(time.Millisecond), r.attempts)
}

// maxAttempts is how many requests may fail once the database answers: each may meet a
// connection that broke.
const maxAttempts = 25

// awaitRecovery ends a fault, and waits until the database answers and then until Roster
// reads and writes.
func (c *chaos) awaitRecovery(f fault, end func()) (first recovery) {
	c.t.Helper()
	answered := make(chan error, 1)
	go func() { answered <- c.awaitAnswer(f.answers) }()
	end()
	if err := <-answered; err != nil {
		c.t.Fatal(err)
	}
	began := time.Now()
	for {
		first.attempts++
		got, err := c.create()
		if err == nil && got.status == http.StatusCreated {
			got, err = c.send("GET", "/users?limit=1", "")
			if err == nil && got.status == http.StatusOK {
				break
			}
		}
		first.last = fmt.Sprint(got.status, got.body, err)
		if c.t.Context().Err() != nil {
			c.t.Fatal(c.t.Context().Err())
		}
	}
	first.took = time.Since(began)
	if first.attempts > maxAttempts && !f.timed {
		c.t.Errorf("%s; before that %s", first, first.last)
	}
	if c.long && first.took > time.Second {
		c.t.Errorf("%s", first)
	}
	return first
}

// awaitAnswer waits until a new connection to the database runs a statement.
func (c *chaos) awaitAnswer(statement string) error {
	if statement == "" {
		statement = "SELECT 1"
	}
	ask := func() error {
		ctx, cancel := context.WithTimeout(c.t.Context(), time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, c.database)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		_, err = conn.Exec(ctx, statement)
		return err
	}
	for ask() != nil {
		select {
		case <-c.t.Context().Done():
			return c.t.Context().Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}
