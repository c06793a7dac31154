// Package testdb opens Roster's database for the tests of the Postgres adapter.
package testdb

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var template = pgtest.NewTemplate(migrate.Up)

// Main runs a package's tests, and fails them if goroutines are left.
func Main(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// URL is the address of a new database with the schema.
func URL(t testing.TB) string {
	t.Helper()
	return template.Database(t)
}

// Config has no time limits, so that tests pass on a slow machine. As in the
// program, ROSTER_COALESCE=off turns batching off.
func Config(url string) postgres.Config {
	return postgres.Config{
		URL: url, ConnectTimeout: time.Hour, StatementTimeout: -1, LockTimeout: -1, IdleInTransactionTimeout: -1, SlowQuery: -1,
		QueueTimeout: -1, ReadyTimeout: -1,
		NoBatching: os.Getenv("ROSTER_COALESCE") == "off",
	}
}

// Batching is Config with batching on.
func Batching(url string) postgres.Config {
	c := Config(url)
	c.NoBatching = false
	return c
}

// Open opens a database, through a pooler if the environment says so. The test fails for each statement that is not a registered
// query, unless c has its own OnUnregistered.
func Open(t testing.TB, c postgres.Config) *postgres.Database {
	t.Helper()
	if c.OnUnregistered == nil {
		c.OnUnregistered = func(_ context.Context, text string) { t.Errorf("%q is sent, and is not a registered query", text) }
	}
	c.URL, c.Described = pgtest.Pooled(t, c.URL), c.Described || pgtest.Transactional()
	d, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// New opens a new database with the schema, and a connection to it.
func New(t testing.TB) (*postgres.Database, *pgx.Conn) {
	t.Helper()
	url := URL(t)
	return Open(t, Config(url)), pgtest.Connect(t, url)
}

// NewUsers makes a new database with the schema, and a connection to it.
func NewUsers(t testing.TB) (*postgres.Users, *pgx.Conn) {
	t.Helper()
	d, conn := New(t)
	return postgres.NewUsers(d), conn
}

// Begin is when the first user was created.
var Begin = time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC)

// User is the n-th of a sequence of users, each created a second after the one
// before.
func User(n int) domain.User {
	name := domain.MustParse(domain.ParseUsername(fmt.Sprintf("user%d", n)))
	email := domain.MustParse(domain.ParseEmail(fmt.Sprintf("user%d@example.com", n)))
	id := domain.UserID{0: 1, 13: byte(n >> 16 & 0xff), 14: byte(n >> 8 & 0xff), 15: byte(n & 0xff)}
	return domain.NewUser(id, name, email, Begin.Add(time.Duration(n)*time.Second))
}

// CreateUsers stores the users from the first number to before the last one.
func CreateUsers(t testing.TB, users *postgres.Users, first, end int) []domain.User {
	t.Helper()
	var created []domain.User
	for n := first; n < end; n++ {
		user, err := users.CreateUser(t.Context(), ports.CreateUser{User: User(n)})
		if err != nil {
			t.Fatal(err)
		}
		created = append(created, user)
	}
	return created
}

// Random is a source of equal numbers for equal seeds.
func Random(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream))
}
