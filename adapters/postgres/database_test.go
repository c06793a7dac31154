package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var empty pgtest.Template

func TestAConfigIsChecked(t *testing.T) {
	for want, change := range map[string]func(*postgres.Config){
		"address is empty":          func(c *postgres.Config) { c.URL = "" },
		"the database's address":    func(c *postgres.Config) { c.URL = "postgres://host:port/db" },
		"at most -1 connections":    func(c *postgres.Config) { c.MaxConns = -1 },
		"21 idle connections":       func(c *postgres.Config) { c.MinIdleConns = 21 },
		"-1 idle connections":       func(c *postgres.Config) { c.MinIdleConns = -1 },
		"idle time of a connection": func(c *postgres.Config) { c.MaxConnIdleTime = -1 },
		"lifetime of a connection":  func(c *postgres.Config) { c.MaxConnLifetime = -1 },
		"connect timeout":           func(c *postgres.Config) { c.ConnectTimeout = -1 },
	} {
		c := testdb.Config("postgres://127.0.0.1/roster")
		change(&c)
		d, err := postgres.Open(t.Context(), c)
		if err == nil {
			d.Close()
		}
		contains(t, err, want)
	}
}

// poolWith is a pool of the test's own with the settings of c.
func poolWith(t *testing.T, url string, c postgres.Config) *pgxpool.Pool {
	t.Helper()
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.Settings(settings, c); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func wantSettings(t *testing.T, pool *pgxpool.Pool, settings map[string]string) {
	t.Helper()
	for name, want := range settings {
		var got string
		if err := pool.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, not %q: %v", name, got, want, err)
		}
	}
}

func TestConnectionsBringTheirSettings(t *testing.T) {
	var unregistered []string
	url := testdb.URL(t)
	wantSettings(t, poolWith(t, url, postgres.Config{
		StatementTimeout: 1500 * time.Millisecond, LockTimeout: time.Microsecond, IdleInTransactionTimeout: -1, MinIdleConns: 2,
		OnUnregistered: func(_ context.Context, text string) { unregistered = append(unregistered, text) },
	}), map[string]string{
		"jit": "off", "plan_cache_mode": "force_generic_plan",
		"statement_timeout": "1500ms", "lock_timeout": "1ms", "idle_in_transaction_session_timeout": "0",
		"TimeZone": "UTC", "default_transaction_isolation": "read committed", "application_name": "roster",
	})
	if text := "SELECT current_setting($1)"; !slices.Contains(unregistered, text) {
		t.Errorf("%q went past sqlcheck, and OnUnregistered was told of %q", text, unregistered)
	}
}

func TestZeroValuesOfAConfigAreItsDefaults(t *testing.T) {
	pool := poolWith(t, testdb.URL(t), postgres.Config{})
	wantSettings(t, pool, map[string]string{
		"statement_timeout": "30s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s",
	})
	if c := pool.Config(); c.MaxConns != 20 || c.MinIdleConns != 0 || c.MaxConnIdleTime != 10*time.Minute ||
		c.MaxConnLifetime != 30*time.Minute || c.MaxConnLifetimeJitter != 3*time.Minute || c.ConnConfig.ConnectTimeout != 5*time.Second {
		t.Errorf("the pool has %+v", c)
	}
}

func TestADatabaseUsesAnImportersOwnPool(t *testing.T) {
	url := testdb.URL(t)
	plain, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	_, err = postgres.On(plain, postgres.Config{})
	contains(t, err, "the pool's connections have", "postgres.Settings")

	pool := poolWith(t, url, postgres.Config{})
	d, err := postgres.On(pool, postgres.Config{})
	if err != nil {
		t.Fatal(err)
	}
	stores := d.Stores()
	if _, err := stores.Users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(1)}); err != nil {
		t.Error(err)
	}
	d.Close()
	if err := pool.Ping(t.Context()); err != nil {
		t.Errorf("Close has closed the importer's pool: %v", err)
	}
}

func TestReadySays(t *testing.T) {
	url := empty.Database(t)
	d := testdb.Open(t, testdb.Config(url))
	t.Run("that there is no schema", func(t *testing.T) {
		contains(t, d.Ready(t.Context()), "no schema of Roster's", "roster migrate up")
	})
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Run("nothing where all is well", func(t *testing.T) {
		if err := d.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
	c := pgtest.Connect(t, url)
	t.Run("nothing where the schema is of a newer Roster", func(t *testing.T) {
		pgtest.Execute(t, c, "INSERT INTO roster.schema_migrations (version_id, is_applied) VALUES (99999, true)")
		if err := d.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("that the schema is of an older Roster", func(t *testing.T) {
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

func contains(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
}

func unavailable(t *testing.T, err error, reason domain.Reason) {
	t.Helper()
	var fault *domain.Error
	if !errors.As(err, &fault) || fault.Kind != domain.Unavailable || fault.Reason != reason {
		t.Errorf("the error is %v; it should be unavailable (%s)", err, reason)
	}
}

func TestADatabaseThatAcceptsReadsOnlyStillAnswers(t *testing.T) {
	d, c := testdb.New(t)
	users := postgres.NewUsers(d)
	user := testdb.User(1)
	if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c, "ALTER DATABASE "+c.Config().Database+" SET default_transaction_read_only = on")
	readOnly := testdb.Open(t, testdb.Config(c.Config().ConnString()))
	users = postgres.NewUsers(readOnly)
	if got, err := users.UserByID(t.Context(), user.ID); err != nil || got != user {
		t.Errorf("%v, %v", got, err)
	}
	_, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(2)})
	unavailable(t, err, domain.ReasonReadOnly)
	unavailable(t, users.DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: user.CreatedAt}), domain.ReasonReadOnly)
}

func TestStatementsEndAtTheirLimits(t *testing.T) {
	url := testdb.URL(t)
	user := testdb.User(1)
	if _, err := postgres.NewUsers(testdb.Open(t, testdb.Config(url))).CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Fatal(err)
	}
	c := pgtest.Connect(t, url)
	pgtest.Execute(t, c, "BEGIN", "SELECT FROM roster.users FOR UPDATE")
	for name, change := range map[string]func(*postgres.Config){
		"of a lock":      func(c *postgres.Config) { c.LockTimeout = time.Millisecond },
		"of a statement": func(c *postgres.Config) { c.StatementTimeout = time.Millisecond },
	} {
		t.Run(name, func(t *testing.T) {
			limited := testdb.Config(url)
			change(&limited)
			err := postgres.NewUsers(testdb.Open(t, limited)).DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: user.CreatedAt})
			unavailable(t, err, domain.ReasonOverloaded)
		})
	}
	t.Run("of the caller's patience", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := postgres.NewUsers(testdb.Open(t, testdb.Config(url))).DeleteUser(ctx, ports.DeleteUser{ID: user.ID, At: user.CreatedAt})
		if !errors.Is(err, context.DeadlineExceeded) || len(domain.Failures(err)) > 0 {
			t.Error(err)
		}
	})
}

func TestSlowQueriesAreLoggedByNameAndWithoutArguments(t *testing.T) {
	var log bytes.Buffer
	c := testdb.Config(testdb.URL(t))
	c.MaxConns, c.SlowQuery = 1, time.Nanosecond
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
	d.Close()
	for _, want := range []string{"level=WARN", "slow query", "query=users.insert", "took=", "rows=1", "sqlstate=23505"} {
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
		t.Errorf("a quick one is logged: %s", &log)
	}
}
