// Package testdb opens Roster's database for the tests of the Postgres adapter.
package testdb

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
)

var template = pgtest.NewTemplate(migrate.Up)

// Main runs a package's tests, and fails them if goroutines are left.
func Main(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// URL is a new database with the schema.
func URL(t testing.TB) string { return template.Database(t) }

// Config is that of a server, with limits that a slow machine keeps. As for the
// server, ROSTER_COALESCE=off turns batching off.
func Config(url string) postgres.Config {
	return postgres.Config{
		URL: url, LockTimeout: 10 * time.Second, SlowQuery: -1,
		NoBatching: os.Getenv("ROSTER_COALESCE") == "off",
	}
}

// Batching is Config with batching on.
func Batching(url string) postgres.Config {
	c := Config(url)
	c.NoBatching = false
	return c
}

// Open opens a database. The test fails for each statement that is sent past
// sqlcheck, unless c says what else to do.
func Open(t testing.TB, c postgres.Config) *postgres.Database {
	t.Helper()
	if c.OnUnregistered == nil {
		c.OnUnregistered = func(_ context.Context, text string) { t.Errorf("%q is sent, and is no registered query", text) }
	}
	d, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// New is a new database with the schema, and a connection to it.
func New(t testing.TB) (*postgres.Database, *pgx.Conn) {
	t.Helper()
	url := URL(t)
	return Open(t, Config(url)), pgtest.Connect(t, url)
}

// Begin is when the first user was created.
var Begin = time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC)

// User is the n-th of a sequence of users, each created a second after the one
// before.
func User(n int) domain.User {
	name := domain.MustParse(domain.ParseUsername(fmt.Sprintf("user%d", n)))
	email := domain.MustParse(domain.ParseEmail(fmt.Sprintf("user%d@example.com", n)))
	id := domain.UserID{0: 1, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}
	return domain.NewUser(id, name, email, Begin.Add(time.Duration(n)*time.Second))
}
