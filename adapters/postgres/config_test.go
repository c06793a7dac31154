package postgres_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

func TestAConfigIsChecked(t *testing.T) {
	t.Parallel()
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

// settingsOf is the config of a pool with the settings of a Config.
func settingsOf(t *testing.T, url string, c postgres.Config) *pgxpool.Config {
	t.Helper()
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.Settings(settings, c); err != nil {
		t.Fatal(err)
	}
	return settings
}

// poolOf opens a pool. To connect may take as long as it takes.
func poolOf(t *testing.T, settings *pgxpool.Config) *pgxpool.Pool {
	t.Helper()
	settings.ConnConfig.ConnectTimeout = 0
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

func TestConnectionsHaveTheSettingsOfTheConfig(t *testing.T) {
	t.Parallel()
	var unregistered []string
	settings := settingsOf(t, testdb.URL(t), postgres.Config{
		StatementTimeout: 1500 * time.Second, LockTimeout: time.Microsecond, IdleInTransactionTimeout: -1, MinIdleConns: 2,
		OnUnregistered: func(_ context.Context, text string) { unregistered = append(unregistered, text) },
	})
	wantSettings(t, poolOf(t, settings), map[string]string{
		"jit": "off", "plan_cache_mode": "force_generic_plan",
		"statement_timeout": "25min", "lock_timeout": "1ms", "idle_in_transaction_session_timeout": "0",
		"TimeZone": "UTC", "default_transaction_isolation": "read committed", "application_name": "roster",
	})
	if text := "SELECT current_setting($1)"; !slices.Contains(unregistered, text) {
		t.Errorf("OnUnregistered was called with %q; it should be called with %q", unregistered, text)
	}
}

func TestZeroValuesOfAConfigAreItsDefaults(t *testing.T) {
	t.Parallel()
	settings := settingsOf(t, testdb.URL(t), postgres.Config{})
	if c := settings; c.MaxConns != 20 || c.MinIdleConns != 0 || c.MaxConnIdleTime != 10*time.Minute ||
		c.MaxConnLifetime != 30*time.Minute || c.MaxConnLifetimeJitter != 3*time.Minute || c.ConnConfig.ConnectTimeout != 5*time.Second {
		t.Errorf("the pool has %+v", c)
	}
	wantSettings(t, poolOf(t, settings), map[string]string{
		"statement_timeout": "30s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s",
	})
}

func TestADatabaseUsesAnImportersOwnPool(t *testing.T) {
	t.Parallel()
	url := testdb.URL(t)
	plain, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	_, err = postgres.On(plain, postgres.Config{})
	contains(t, err, "the pool's connections have", "postgres.Settings")

	c := testdb.Config(url)
	pool := poolOf(t, settingsOf(t, url, c))
	d, err := postgres.On(pool, c)
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
