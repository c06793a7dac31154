package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

var empty pgtest.Template

func TestReadySays(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	d := testdb.Open(t, testdb.Config(url))
	t.Run("that there is no schema", func(t *testing.T) {
		contains(t, d.Ready(t.Context()), "no schema of Roster's", "roster migrate up")
	})
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Run("nothing if the schema is that of this Roster", func(t *testing.T) {
		if err := d.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
	c := pgtest.Connect(t, url)
	t.Run("nothing if the schema is that of a newer Roster", func(t *testing.T) {
		pgtest.Execute(t, c, "INSERT INTO roster.schema_migrations (version_id, is_applied) VALUES (99999, true)")
		if err := d.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("that the schema is that of an older Roster", func(t *testing.T) {
		pgtest.Execute(t, c, "DELETE FROM roster.schema_migrations WHERE version_id > 101")
		contains(t, d.Ready(t.Context()), "at version 101", "needs", ".sql", "roster migrate up")
	})
	t.Run("that the database does not answer", func(t *testing.T) {
		err := testdb.Open(t, testdb.Config("postgres://roster@127.0.0.1:1/roster")).Ready(t.Context())
		unavailable(t, err, domain.ReasonUnreachable)
	})
	t.Run("that the pool is closed", func(t *testing.T) {
		closed := testdb.Open(t, testdb.Config(url))
		closed.Close()
		unavailable(t, closed.Ready(t.Context()), domain.ReasonUnreachable)
	})
}

func TestADatabaseThatRefusesWritesIsRead(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	user := testdb.CreateUsers(t, users, 1, 2)[0]
	pgtest.Execute(t, c, "ALTER DATABASE "+c.Config().Database+" SET default_transaction_read_only = on")
	users = postgres.NewUsers(testdb.Open(t, testdb.Config(c.Config().ConnString())))
	if got, err := users.UserByID(t.Context(), user.ID); err != nil || got != user {
		t.Errorf("%v, %v", got, err)
	}
	_, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(2)})
	unavailable(t, err, domain.ReasonReadOnly)
	unavailable(t, users.DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: user.CreatedAt}), domain.ReasonReadOnly)
}

func TestAStatementThatWaitsEndsAt(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	user := testdb.CreateUsers(t, users, 1, 2)[0]
	url, deletion := c.Config().ConnString(), ports.DeleteUser{ID: user.ID, At: user.CreatedAt}
	for name, change := range map[string]func(*postgres.Config){
		"the timeout of locks":      func(c *postgres.Config) { c.LockTimeout = time.Millisecond },
		"the timeout of statements": func(c *postgres.Config) { c.StatementTimeout = time.Millisecond },
	} {
		t.Run(name, func(t *testing.T) {
			limited := testdb.Config(url)
			change(&limited)
			pgtest.Begin(t, url, "SELECT FROM roster.users FOR UPDATE")
			err := postgres.NewUsers(testdb.Open(t, limited)).DeleteUser(t.Context(), deletion)
			unavailable(t, err, domain.ReasonOverloaded)
		})
	}
	t.Run("the deadline of its caller", func(t *testing.T) {
		// The pool is closed after the transaction, since a batch outlives its callers.
		users := postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
		pgtest.Begin(t, url, "SELECT FROM roster.users FOR UPDATE")
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := users.DeleteUser(ctx, deletion)
		if !errors.Is(err, context.DeadlineExceeded) || len(domain.Failures(err)) > 0 {
			t.Error(err)
		}
	})
}

func TestSlowQueriesAreLoggedByNameAndWithoutArguments(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := testdb.Config(testdb.URL(t))
	c.SlowQuery = time.Nanosecond
	c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	d, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	user := testdb.User(1)
	users := postgres.NewUsers(d)
	if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Fatal(err)
	}
	if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: user}); !errors.Is(err, domain.Conflict) {
		t.Fatal(err)
	}
	if _, err := users.UserByID(t.Context(), user.ID); err != nil {
		t.Fatal(err)
	}
	d.Close()
	for _, want := range []string{
		"level=WARN", "slow query", "query=users.by_ids", "batch_from=users.insert_many", "took=", "rows=1", "sqlstate=23505",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in %s", want, &log)
		}
	}
	for _, private := range []string{user.Username.String(), user.Email.String(), "INSERT"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("%q is in %s", private, &log)
		}
	}
	log.Reset()
	c.SlowQuery = time.Hour
	quiet, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := quiet.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	quiet.Close()
	if log.Len() > 0 {
		t.Errorf("a quick statement is logged: %s", &log)
	}
}
