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

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var empty pgtest.Template

func TestAConfigIsChecked(t *testing.T) {
	for want, change := range map[string]func(*postgres.Config){
		"address is empty":            func(c *postgres.Config) { c.URL = "" },
		"the database's address":      func(c *postgres.Config) { c.URL = "postgres://host:port/db" },
		"at most 0 connections":       func(c *postgres.Config) { c.MaxConns = 0 },
		"21 idle connections":         func(c *postgres.Config) { c.MinIdleConns = 21 },
		"-1 idle connections":         func(c *postgres.Config) { c.MinIdleConns = -1 },
		"idle time of a connection":   func(c *postgres.Config) { c.MaxConnIdleTime = 0 },
		"lifetime of a connection":    func(c *postgres.Config) { c.MaxConnLifetime = 0 },
		"jitter of the lifetime":      func(c *postgres.Config) { c.MaxConnLifetimeJitter = -1 },
		"connect timeout":             func(c *postgres.Config) { c.ConnectTimeout = 0 },
		"statement timeout":           func(c *postgres.Config) { c.StatementTimeout = -1 },
		"lock timeout":                func(c *postgres.Config) { c.LockTimeout = -1 },
		"idle-in-transaction timeout": func(c *postgres.Config) { c.IdleInTransactionTimeout = -1 },
		"limit of slow queries":       func(c *postgres.Config) { c.SlowQuery = -1 },
	} {
		c := config("postgres://127.0.0.1/roster")
		change(&c)
		d, err := postgres.Open(t.Context(), c, slog.New(slog.DiscardHandler))
		if err == nil {
			d.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestConnectionsBringTheirSettings(t *testing.T) {
	c := config(directory.Database(t))
	c.StatementTimeout, c.LockTimeout, c.IdleInTransactionTimeout = 1500*time.Millisecond, time.Microsecond, 0
	c.MinIdleConns = 2
	var unregistered []string
	c.OnUnregistered = func(_ context.Context, text string) { unregistered = append(unregistered, text) }
	d := open(t, c)
	if err := d.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	name := watch(t, c.URL, "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'roster'")
	if name != "roster" {
		t.Errorf("the application is called %q", name)
	}
	for setting, want := range map[string]string{
		"jit": "off", "plan_cache_mode": "force_generic_plan", "statement_timeout": "1500ms", "lock_timeout": "1ms", "idle_in_transaction_session_timeout": "0",
		"TimeZone": "UTC", "default_transaction_isolation": "read committed",
	} {
		if got := settingOf(t, d, setting); got != want {
			t.Errorf("%s is %s, not %s", setting, got, want)
		}
	}
	if text := "SELECT current_setting($1)"; !slices.Contains(unregistered, text) {
		t.Errorf("%q went past sqlcheck, and who watches heard of %q", text, unregistered)
	}
}

func TestReadySays(t *testing.T) {
	url := empty.Database(t)
	d := open(t, config(url))
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
	c := connect(t, url)
	t.Run("nothing where the schema is of a newer Roster", func(t *testing.T) {
		execute(t, c, "INSERT INTO roster.schema_migrations (version_id, is_applied) VALUES (99999, true)")
		if err := d.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("that the schema is of an older Roster", func(t *testing.T) {
		execute(t, c, "DELETE FROM roster.schema_migrations WHERE version_id > 101")
		contains(t, d.Ready(t.Context()), "at version 101", "needs", ".sql", "roster migrate up")
	})
	t.Run("that the database does not answer", func(t *testing.T) {
		err := open(t, config("postgres://roster@127.0.0.1:1/roster")).Ready(t.Context())
		unavailable(t, err, domain.ReasonUnreachable)
	})
	t.Run("that the pool is closed", func(t *testing.T) {
		closed := open(t, config(url))
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
	d, c := migrated(t)
	users := postgres.NewUsers(d)
	user := newUser(t, 1)
	if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Fatal(err)
	}
	execute(t, c, "ALTER DATABASE "+c.Config().Database+" SET default_transaction_read_only = on")
	readOnly := open(t, config(c.Config().ConnString()))
	users = postgres.NewUsers(readOnly)
	if got, err := users.UserByID(t.Context(), user.ID); err != nil || got != user {
		t.Errorf("%v, %v", got, err)
	}
	_, err := users.CreateUser(t.Context(), ports.CreateUser{User: newUser(t, 2)})
	unavailable(t, err, domain.ReasonReadOnly)
	unavailable(t, users.DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: user.CreatedAt}), domain.ReasonReadOnly)
}

func TestStatementsEndAtTheirLimits(t *testing.T) {
	url := directory.Database(t)
	user := newUser(t, 1)
	if _, err := postgres.NewUsers(open(t, config(url))).CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Fatal(err)
	}
	c := connect(t, url)
	execute(t, c, "BEGIN", "SELECT FROM roster.users FOR UPDATE")
	for name, change := range map[string]func(*postgres.Config){
		"of a lock":      func(c *postgres.Config) { c.LockTimeout = time.Millisecond },
		"of a statement": func(c *postgres.Config) { c.StatementTimeout = time.Millisecond },
	} {
		t.Run(name, func(t *testing.T) {
			limited := config(url)
			change(&limited)
			err := postgres.NewUsers(open(t, limited)).DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: user.CreatedAt})
			unavailable(t, err, domain.ReasonOverloaded)
		})
	}
	t.Run("of the caller's patience", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := postgres.NewUsers(open(t, config(url))).DeleteUser(ctx, ports.DeleteUser{ID: user.ID, At: user.CreatedAt})
		if !errors.Is(err, context.DeadlineExceeded) || len(domain.Failures(err)) > 0 {
			t.Error(err)
		}
	})
}

func TestSlowQueriesAreLoggedByNameAndWithoutArguments(t *testing.T) {
	var log bytes.Buffer
	c := config(directory.Database(t))
	c.MaxConns, c.SlowQuery = 1, time.Nanosecond
	logger := slog.New(slog.NewTextHandler(&log, nil))
	d, err := postgres.Open(t.Context(), c, logger)
	if err != nil {
		t.Fatal(err)
	}
	user := newUser(t, 1)
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
	quiet, err := postgres.Open(t.Context(), c, logger)
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
