package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestAnOutageOfTheDatabaseIs503AndEndsByItself(t *testing.T) {
	t.Parallel()
	server := pgtest.StartServer(t)
	i := serve(t, "DATABASE_URL="+server.URL("roster"))
	traffic := drive(i)
	pgtest.Eventually(t, "responses", func() bool { return traffic.served.Load() > 100 })

	server.Stop()
	pgtest.Eventually(t, "responses 503", func() bool { return traffic.unavailable.Load() > 100 })
	problem := i.expect(503, "GET", "/readyz", "")
	if !strings.Contains(problem.body, "database") || problem.header.Get("Retry-After") == "" {
		t.Errorf("the problem, %v, says %s", problem.header, problem.body)
	}
	i.expect(200, "GET", "/livez", "")

	server.Start()
	before := traffic.served.Load()
	pgtest.Eventually(t, "responses after the outage", func() bool { return traffic.served.Load() > before+100 })
	i.expect(200, "GET", "/readyz", "")
	traffic.stop()
	if others := traffic.others.Load(); others > 0 {
		t.Errorf("%d requests had neither success nor a 503, such as %v", others, traffic.sample.Load())
	}
}

// traffic is clients that read and write without a pause.
type traffic struct {
	served, unavailable, others atomic.Int64
	sample                      atomic.Value // one of the others
	stop                        func()
}

func drive(i *instance) *traffic {
	traffic := new(traffic)
	var clients sync.WaitGroup
	done := make(chan struct{})
	for n := range 4 {
		clients.Go(func() {
			for round := 0; ; round++ {
				select {
				case <-done:
					return
				default:
				}
				traffic.count(i.send("POST", "/users", createUser(fmt.Sprintf("u%d-%d", n, round))))
				traffic.count(i.send("GET", "/users?limit=1", ""))
			}
		})
	}
	traffic.stop = sync.OnceFunc(func() {
		close(done)
		clients.Wait()
	})
	i.t.Cleanup(traffic.stop)
	return traffic
}

func (f *traffic) count(got response, err error) {
	switch {
	case err == nil && got.status/100 == 2:
		f.served.Add(1)
	case err == nil && got.status == 503:
		f.unavailable.Add(1)
	default:
		f.others.Add(1)
		f.sample.Store(fmt.Sprint(got.status, got.body, err))
	}
}

func TestServeWaitsForADatabaseThatStarts(t *testing.T) {
	t.Parallel()
	server := pgtest.StartServer(t)
	url := server.URL("roster")
	server.Stop()
	i := launch(t, "DATABASE_URL="+url, "ROSTER_DATABASE_WAIT=1m")
	i.awaitLog("Waiting for the database")
	server.Start()
	i.awaitLog("Roster serves")
}

func TestAWaitForTheDatabaseEndsWithASignal(t *testing.T) {
	t.Parallel()
	i := launch(t, "DATABASE_URL=postgres://roster:s3cret@127.0.0.1:1/roster", "ROSTER_DATABASE_WAIT=1h")
	i.awaitLog("Waiting for the database")
	if code := i.stop(); code != exitDone {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}

func TestADatabaseThatDoesNotAnswerIsAnErrorWithoutThePassword(t *testing.T) {
	t.Parallel()
	i := launch(t, "DATABASE_URL=postgres://roster:s3cret@127.0.0.1:1/roster", "ROSTER_DATABASE_WAIT=1ms")
	if code := i.wait(); code != exitFailed {
		t.Errorf("the exit code is %d", code)
	}
	log := i.log.String()
	for _, part := range []string{"127.0.0.1:1", "did not answer within 1ms", "check that PostgreSQL runs there"} {
		if !strings.Contains(log, part) {
			t.Errorf("%q is not in the log:\n%s", part, log)
		}
	}
	if strings.Contains(log, "s3cret") {
		t.Errorf("the password is in the log:\n%s", log)
	}
}

func TestADatabaseThatRefusesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	at := strings.LastIndex(url, "/")
	query := ""
	if q := strings.Index(url[at:], "?"); q >= 0 {
		query = url[at+q:]
	}
	i := launch(t, "DATABASE_URL="+url[:at]+"/no_such_database"+query, "ROSTER_DATABASE_WAIT=1h")
	if code := i.wait(); code != exitFailed || !strings.Contains(i.log.String(), "no_such_database") {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}

// The response of a search that can't end is sent before the server gives it up.
func TestASearchThatCantEndIs503(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	i := serve(t, "DATABASE_URL="+url, "ROSTER_WRITE_TIMEOUT=6s", "ROSTER_STATEMENT_TIMEOUT=0", "ROSTER_LOCK_TIMEOUT=0")
	tx := pgtest.Begin(t, url, "LOCK TABLE roster.postings")
	problem := i.expect(503, "POST", "/users/search", `{"term":"ada"}`)
	if problem.header.Get("Retry-After") == "" {
		t.Errorf("the problem, %v, says %s", problem.header, problem.body)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}
