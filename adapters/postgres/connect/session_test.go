package connect_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// prepared opens a pool whose connections state their settings.
func prepared(t *testing.T, url string, options connect.Options, change ...func(*pgxpool.Config)) *pgxpool.Pool {
	t.Helper()
	config, err := connect.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(config)
	}
	connect.Prepare(config, options)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// hostile are defaults that a database may have, each other than what a session states.
var hostile = map[string]string{
	"client_encoding": "latin1", "timezone": "Asia/Tokyo", "datestyle": "German, DMY", "intervalstyle": "iso_8601",
	"bytea_output": "escape", "extra_float_digits": "-15", "standard_conforming_strings": "off", "array_nulls": "off",
	"transform_null_equals": "on", "gin_fuzzy_search_limit": "1", "search_path": "public", "row_security": "off",
	"default_transaction_isolation": "serializable", "default_transaction_deferrable": "on", "exit_on_error": "on",
	"client_min_messages": "debug5", "statement_timeout": "1h", "lock_timeout": "1h", "idle_session_timeout": "1h",
	"idle_in_transaction_session_timeout": "1h", "jit": "on", "plan_cache_mode": "force_custom_plan",
}

func settingsOf(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	found := map[string]string{}
	for name := range hostile {
		found[name] = pgtest.Scalar[string](t, conn, "SELECT pg_catalog.current_setting($1)", name)
	}
	return found
}

func TestDefaultsOfADatabaseOrARoleChangeNoSetting(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	conn := pgtest.Connect(t, url)
	pool := prepared(t, url, connect.Options{StatementTimeout: time.Minute})
	first, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := settingsOf(t, first.Conn())
	first.Release()
	for name, value := range hostile {
		pgtest.Execute(t, conn, fmt.Sprintf("ALTER DATABASE %s SET %s = '%s'", conn.Config().Database, name, value))
	}
	pool.Reset()
	second, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Release()
	for name, got := range settingsOf(t, second.Conn()) {
		if got != want[name] {
			t.Errorf("%s is %q with the database's default, not %q", name, got, want[name])
		}
		if strings.EqualFold(got, hostile[name]) {
			t.Errorf("%s is %q as stated: the test shows nothing", name, got)
		}
	}
	if got := want["statement_timeout"]; got != "1min" {
		t.Errorf("the timeout of statements is %s", got)
	}
}

func TestADatabaseInAnotherEncodingIsRefused(t *testing.T) {
	t.Parallel()
	conn := pgtest.Connect(t, empty.Database(t))
	for _, encoding := range []string{"SQL_ASCII", "LATIN1"} {
		name := pgx.Identifier{conn.Config().Database + "_" + encoding}.Sanitize()
		pgtest.Execute(t, conn, "CREATE DATABASE "+name+" ENCODING '"+encoding+"' LOCALE 'C' TEMPLATE template0")
		defer pgtest.Execute(t, conn, "DROP DATABASE "+name+" WITH (FORCE)")
		database := conn.Config().Database
		pool := prepared(t, strings.Replace(conn.Config().ConnString(), database, database+"_"+encoding, 1), connect.Options{})
		err := pool.Ping(t.Context())
		if err == nil || !strings.Contains(err.Error(), encoding) || !strings.Contains(err.Error(), "ENCODING 'UTF8' TEMPLATE template0") {
			t.Errorf("%s: %v", encoding, err)
		}
		if connect.Transient(err) {
			t.Errorf("%s: time does not end %v", encoding, err)
		}
		pool.Close()
	}
}

func TestASessionWithoutTriggersIsRefused(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	conn := pgtest.Connect(t, url)
	pgtest.Execute(t, conn, "ALTER DATABASE "+conn.Config().Database+" SET session_replication_role = replica")
	err := prepared(t, url, connect.Options{}).Ping(t.Context())
	if err == nil || !strings.Contains(err.Error(), "RESET session_replication_role") {
		t.Error(err)
	}
}

func TestConnectionsAreReplacedOnceADatabaseTakesWritesAgain(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	conn := pgtest.Connect(t, url)
	pgtest.Execute(t, conn, "CREATE TABLE public.things (n integer)",
		"ALTER DATABASE "+conn.Config().Database+" SET default_transaction_read_only = on")
	pool := prepared(t, url, connect.Options{}, func(c *pgxpool.Config) { c.MinIdleConns, c.MaxConns = 3, 3 })
	write := func() string {
		_, err := pool.Exec(t.Context(), "INSERT INTO public.things VALUES (1)")
		if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
			return refused.Code
		}
		if err != nil {
			t.Fatal(err)
		}
		return ""
	}
	pgtest.Eventually(t, "idle connections", func() bool { return pool.Stat().IdleConns() == 3 })
	if got := write(); got != "25006" {
		t.Fatalf("a write gets %q", got)
	}
	pgtest.Execute(t, conn, "SET default_transaction_read_only = off",
		"ALTER DATABASE "+conn.Config().Database+" RESET default_transaction_read_only")
	pgtest.Eventually(t, "a write", func() bool { return write() == "" })
	for range 6 {
		if got := write(); got != "" {
			t.Errorf("a write gets %q after another one succeeded", got)
		}
	}
}

func TestThePoolsOwnHooksStillRun(t *testing.T) {
	t.Parallel()
	var after, prepare int
	pool := prepared(t, empty.Database(t), connect.Options{}, func(c *pgxpool.Config) {
		c.AfterConnect = func(context.Context, *pgx.Conn) error { after++; return nil }
		c.PrepareConn = func(context.Context, *pgx.Conn) (bool, error) { prepare++; return true, nil }
	})
	if err := pool.Ping(t.Context()); err != nil || after != 1 || prepare != 1 {
		t.Errorf("AfterConnect ran %d times and PrepareConn %d: %v", after, prepare, err)
	}
	if err := connect.Prepared(pool.Config()); err != nil {
		t.Error(err)
	}
}
