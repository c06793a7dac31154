package postgres_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

func TestConnectionsThatTheServerEndedAreReplacedBeforeUse(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	users := postgres.NewUsers(d)
	for n := range 5 {
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if err := d.Ready(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		pgtest.Terminate(t, c, "application_name = 'roster' AND datname = current_database()")
		// A write is not sent twice, so that it would fail if it were sent to a
		// connection that ended.
		if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(n)}); err != nil {
			t.Fatalf("after round %d: %v", n, err)
		}
	}
}

func TestRequestsSucceedAfterARestartOfTheDatabase(t *testing.T) {
	t.Parallel()
	server := pgtest.StartServer(t, func(o *embedded.Options) { o.Settings["synchronous_commit"] = "on" })
	url := server.URL("roster")
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	c := testdb.Config(url)
	c.MinIdleConns = 5
	d := testdb.Open(t, c)
	traffic := startTraffic(t, d)
	waitForMore(t, "requests served", &traffic.served)
	waitForMore(t, "users written", &traffic.written)
	server.Stop()
	waitForMore(t, "requests refused", &traffic.refused)
	// A request does not wait for the database to start again.
	unavailable(t, d.Ready(t.Context()), domain.ReasonUnreachable)
	server.Start()
	waitForMore(t, "requests served after the restart", &traffic.served)
	if err := d.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	traffic.stop()
	if stored := pgtest.Scalar[int64](t, pgtest.Connect(t, url), "SELECT count(*) FROM roster.users"); stored < traffic.written.Load() {
		t.Errorf("%d users are stored of %d acknowledged", stored, traffic.written.Load())
	}
	if traffic.written.Load() == 0 {
		t.Error("nothing was written")
	}
}

// traffic is six readers and two writers that send requests until stop.
type traffic struct {
	served, refused, written, made atomic.Int64

	cancel  context.CancelFunc
	clients sync.WaitGroup
}

func startTraffic(t *testing.T, d *postgres.Database) *traffic {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &traffic{cancel: cancel}
	t.Cleanup(f.stop)
	users := postgres.NewUsers(d)
	for i := range 8 {
		f.clients.Go(func() {
			for ctx.Err() == nil {
				f.count(ctx, t, f.request(ctx, users, i < 2))
			}
		})
	}
	return f
}

func (f *traffic) stop() {
	f.cancel()
	f.clients.Wait()
}

func (f *traffic) request(ctx context.Context, users *postgres.Users, write bool) error {
	if !write {
		_, err := users.ListUsers(ctx, listAll)
		return err
	}
	_, err := users.CreateUser(ctx, ports.CreateUser{User: testdb.User(int(f.made.Add(1)))})
	if err == nil {
		f.written.Add(1)
	}
	return err
}

func (f *traffic) count(ctx context.Context, t *testing.T, err error) {
	switch {
	case err == nil:
		f.served.Add(1)
	case errors.Is(err, domain.Unavailable):
		f.refused.Add(1)
	case ctx.Err() == nil:
		t.Error(err)
	}
}

// waitForMore waits until a counter has grown by a hundred.
func waitForMore(t *testing.T, counted string, count *atomic.Int64) {
	t.Helper()
	want := count.Load() + 100
	pgtest.Eventually(t, "a hundred more "+counted, func() bool { return count.Load() >= want })
}
