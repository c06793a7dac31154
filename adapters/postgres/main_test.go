package postgres_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

var directory = pgtest.NewTemplate(migrate.Up)

// config is that of a server, with limits in place of which a test may put its own.
// As for the server, ROSTER_COALESCE=off has nothing shared.
func config(url string) postgres.Config {
	return postgres.Config{
		URL: url, MaxConns: 20, MinIdleConns: 0,
		MaxConnIdleTime: 10 * time.Minute, MaxConnLifetime: 30 * time.Minute, MaxConnLifetimeJitter: time.Minute,
		ConnectTimeout: 5 * time.Second, StatementTimeout: 30 * time.Second, LockTimeout: 10 * time.Second,
		IdleInTransactionTimeout: 30 * time.Second, Coalesce: os.Getenv("ROSTER_COALESCE") != "off",
	}
}

// sharing is a config with which concurrent requests share statements.
func sharing(url string) postgres.Config {
	c := config(url)
	c.Coalesce = true
	return c
}

// open fails the test for each statement that is sent past sqlcheck, unless c
// says what else to do.
func open(t *testing.T, c postgres.Config) *postgres.Database {
	t.Helper()
	if c.OnUnregistered == nil {
		c.OnUnregistered = func(_ context.Context, text string) { t.Errorf("%q is sent, and is no registered query", text) }
	}
	d, err := postgres.Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// migrated is a new database with the schema, and a connection to it.
func migrated(t *testing.T) (*postgres.Database, *pgx.Conn) {
	t.Helper()
	url := directory.Database(t)
	return open(t, config(url)), connect(t, url)
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

func execute(t *testing.T, connection *pgx.Conn, statements ...string) {
	t.Helper()
	for _, text := range statements {
		if _, err := connection.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}
