package postgres_test

import (
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// slowReader is a client that reads no more of an export until it is released.
type slowReader struct {
	ports.RecordWriter
	reading  *atomic.Int64
	released <-chan struct{}
}

func (r slowReader) WriteUser(ports.UserRecord) error {
	r.reading.Add(1)
	<-r.released
	return nil
}

// everyKind is a request of each class but that of exports.
var everyKind = map[string]func(t *testing.T, c testdb.Crowd, n int) error{
	"plans": func(t *testing.T, c testdb.Crowd, _ int) error {
		t.Helper()
		_, err := postgres.NewPlans(c.DB).ListPlans(t.Context())
		return err
	},
	"a user": func(t *testing.T, c testdb.Crowd, _ int) error {
		t.Helper()
		_, err := c.Users.UserByID(t.Context(), c.Owners[0].ID)
		return err
	},
	"a list": func(t *testing.T, c testdb.Crowd, _ int) error {
		t.Helper()
		order := domain.MustParse(domain.ParseUserOrder("username"))
		_, err := c.Users.ListUsers(t.Context(), ports.ListUsers{Limit: domain.DefaultListSize, Order: order})
		return err
	},
	"a count": func(t *testing.T, c testdb.Crowd, _ int) error {
		t.Helper()
		_, err := c.Users.CountUsers(t.Context(), ports.CountUsers{How: domain.CountExact})
		return err
	},
	"a creation":   func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return create(t, c, 200+n) },
	"a membership": func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return join(t, c, 0, 100+n) },
	"readiness":    func(t *testing.T, c testdb.Crowd, _ int) error { t.Helper(); return c.DB.Ready(t.Context()) },
}

func TestExportsThatAreReadSlowlyKeepNoOtherWaiting(t *testing.T) {
	t.Parallel()
	for _, connections := range []int32{2, 3, 5, 20} {
		t.Run(fmt.Sprintf("of %d connections", connections), func(t *testing.T) {
			t.Parallel()
			address := testdb.URL(t)
			config := testdb.Config(address)
			config.MaxConns = connections
			c := testdb.NewCrowdWith(t, testdb.Open(t, config), address, 2, 1)
			testdb.CreateUsers(t, c.Users, 100, 110)
			var reading atomic.Int64
			released := make(chan struct{})
			var exports sync.WaitGroup
			share := postgres.Share(c.DB, database.Streams)
			const clients = 20
			for range clients {
				exports.Go(func() {
					to := slowReader{reading: &reading, released: released}
					if err := postgres.NewBulk(c.DB).ExportKind(t.Context(), ports.UserRecords, to); err != nil {
						t.Error(err)
					}
				})
			}
			pgtest.Eventually(t, "all exports run or wait", func() bool {
				return reading.Load() == int64(share) && postgres.Queued(c.DB, database.Streams) == clients-share
			})
			for n := range 5 {
				for kind, do := range everyKind {
					if err := do(t, c, n); err != nil {
						t.Errorf("%s: %v", kind, err)
					}
				}
			}
			close(released)
			exports.Wait()
		})
	}
}

func TestARequestWithoutAShareIsRefused(t *testing.T) {
	t.Parallel()
	address := testdb.URL(t)
	config := testdb.Config(address)
	config.QueueTimeout = time.Millisecond
	c := testdb.NewCrowdWith(t, testdb.Open(t, config), address, 2, 1)
	for name, each := range map[string]struct {
		class database.Class
		kind  string
	}{
		"quick reads":             {database.Quick, "a user"},
		"lists":                   {database.Slow, "a list"},
		"counts":                  {database.Counts, "a count"},
		"writes in batches":       {database.Batched, "a creation"},
		"writes by themselves":    {database.Alone, "a membership"},
		"those that are answered": {database.Streams, "readiness"},
	} {
		release := postgres.Hold(t, c.DB, each.class)
		err := everyKind[each.kind](t, c, 0)
		if each.kind == "readiness" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		} else {
			unavailable(t, err, domain.ReasonOverloaded)
		}
		release()
	}
}

func TestReadinessHasAConnectionOfItsOwn(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	for _, class := range []database.Class{
		database.Quick, database.Slow, database.Batched, database.Waiting, database.Alone, database.Streams, database.Counts,
	} {
		postgres.Hold(t, d, class)
	}
	const open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'roster'"
	if n := pgtest.Scalar[int](t, c, open); n != 20 {
		t.Fatalf("%d connections are in use", n)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := d.Ready(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := pgtest.Scalar[int](t, c, open); n != 21 {
		t.Errorf("%d connections are in use", n)
	}
}

// The server gives no connection beyond those of the requests.
func TestReadinessUsesAConnectionOfTheRequestsIfThereIsNoOther(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(testdb.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	c := pgtest.Connect(t, address.String())
	role := "few_" + address.Path[1:]
	pgtest.Execute(t, c, "CREATE ROLE "+role+" LOGIN CONNECTION LIMIT 1 PASSWORD 'few'",
		"GRANT USAGE ON SCHEMA roster TO "+role, "GRANT SELECT ON ALL TABLES IN SCHEMA roster TO "+role)
	defer pgtest.Execute(t, c, "DROP OWNED BY "+role, "DROP ROLE "+role)
	address.User = url.UserPassword(role, "few")
	config := testdb.Config(address.String())
	config.MaxConns = 1
	d := testdb.Open(t, config)
	defer d.Close()
	if _, err := postgres.NewPlans(d).ListPlans(t.Context()); err != nil {
		t.Error(err)
	}
	if err := d.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestReadinessDoesNotWaitForAServerThatIsSilent(t *testing.T) {
	t.Parallel()
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	config := testdb.Config("postgres://roster@" + silent.Addr().String() + "/roster?sslmode=disable")
	config.ReadyTimeout = 10 * time.Millisecond
	unavailable(t, testdb.Open(t, config).Ready(t.Context()), domain.ReasonUnreachable)
}
