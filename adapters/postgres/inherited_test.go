package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

func TestTheDefaultsOfADatabaseBreakNeitherMigrationsNorWrites(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	conn := pgtest.Connect(t, url)
	for name, value := range map[string]string{
		"client_encoding": "latin1", "default_transaction_isolation": "serializable", "search_path": "public", "datestyle": "German",
		"standard_conforming_strings": "off", "bytea_output": "escape", "timezone": "Asia/Tokyo", "row_security": "off",
		"intervalstyle": "iso_8601", "lock_timeout": "1h", "array_nulls": "off", "transform_null_equals": "on", "exit_on_error": "on",
	} {
		pgtest.Execute(t, conn, fmt.Sprintf("ALTER DATABASE %s SET %s = '%s'", conn.Config().Database, name, value))
	}
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	users := postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
	user := testdb.CreateUsers(t, users, 1, 2)[0]
	if got, err := users.UserByID(t.Context(), user.ID); err != nil || got != user {
		t.Errorf("stored is %v, %v", got, err)
	}
}

func TestADatabaseThatCanNotBeUsedGetsNoPartOfTheSchema(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ setting, want string }{
		"read only":        {"default_transaction_read_only = on", "RESET default_transaction_read_only"},
		"without triggers": {"session_replication_role = replica", "RESET session_replication_role"},
	} {
		url := empty.Database(t)
		conn := pgtest.Connect(t, url)
		pgtest.Execute(t, conn, "ALTER DATABASE "+conn.Config().Database+" SET "+c.setting)
		err := migrate.Up(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if got := pgtest.Scalar[int](t, conn, "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster'"); got != 0 {
			t.Errorf("%s: the schema is there", name)
		}
	}
}

// records are the messages of a log.
type records struct {
	mu       sync.Mutex
	messages []string
}

func (*records) Enabled(context.Context, slog.Level) bool { return true }

func (r *records) WithAttrs([]slog.Attr) slog.Handler { return r }

func (r *records) WithGroup(string) slog.Handler { return r }

func (r *records) Handle(_ context.Context, record slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, record.Message)
	return nil
}

func TestWithFewConnectionsRequestsWaitForThem(t *testing.T) {
	t.Parallel()
	database := testdb.URL(t)
	conn := pgtest.Connect(t, database)
	role := "few_" + conn.Config().Database
	pgtest.Execute(t, conn, "CREATE ROLE "+role+" LOGIN PASSWORD 'few' CONNECTION LIMIT 2",
		"GRANT ALL ON SCHEMA roster TO "+role, "GRANT ALL ON ALL TABLES IN SCHEMA roster TO "+role,
		"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA roster TO "+role)
	defer pgtest.Execute(t, conn, "DROP OWNED BY "+role, "DROP ROLE "+role)
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword(role, "few")
	log := new(records)
	config := testdb.Config(address.String())
	config.NoBatching, config.MaxConns, config.MinIdleConns, config.Logger = true, 20, 10, slog.New(log)
	d := testdb.Open(t, config)
	users := postgres.NewUsers(d)
	var clients sync.WaitGroup
	for n := range 64 {
		clients.Go(func() {
			if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(n)}); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
	if !strings.Contains(strings.Join(log.messages, "\n"), "PostgreSQL refuses Roster more connections") {
		t.Errorf("the log has %q", log.messages)
	}
	d.Close()
}
