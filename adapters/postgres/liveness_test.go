package postgres

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestOnlyAConnectionWithSomethingToReadIsPinged(t *testing.T) {
	t.Parallel()
	var plain pgtest.Template
	settings, err := pgxpool.ParseConfig(plain.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := Settings(settings, Config{MaxConns: 1, ConnectTimeout: time.Hour}); err != nil {
		t.Fatal(err)
	}
	var asked, pinged atomic.Int32
	shouldPing := settings.ShouldPing
	settings.ShouldPing = func(ctx context.Context, p pgxpool.ShouldPingParams) bool {
		asked.Add(1)
		if !shouldPing(ctx, p) {
			return false
		}
		pinged.Add(1)
		return true
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	pid := func() (pid int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			t.Fatal(err)
		}
		return pid
	}
	first := pid()
	for range 20 {
		if pid() != first {
			t.Fatal("the connection was replaced")
		}
	}
	if asked.Load() < 20 || pinged.Load() != 0 {
		t.Errorf("%d pings in %d uses of a connection that works", pinged.Load(), asked.Load())
	}
	if _, err := pool.Exec(t.Context(), "SELECT pg_terminate_backend($1)", first); err == nil {
		t.Fatal("a connection answers after its end")
	}
	second := pid()
	other := pgtest.Connect(t, settings.ConnString())
	pgtest.Terminate(t, other, "pid = $1", second)
	if pid() == second || pinged.Load() != 1 {
		t.Errorf("%d pings of a connection that was ended", pinged.Load())
	}
}
