//sqlcheck:allow statements of tests

package pgtest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Connect opens a connection, which is closed at the end of the test.
func Connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Execute runs statements.
func Execute(t testing.TB, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, text := range statements {
		if _, err := conn.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// Scalar returns the only value of the first row.
func Scalar[T any](t testing.TB, conn *pgx.Conn, query string, args ...any) T {
	t.Helper()
	values := Column[T](t, conn, query, args...)
	if len(values) == 0 {
		t.Fatalf("%s: there are no rows", query)
	}
	return values[0]
}

// Column returns the only value of each row.
func Column[T any](t testing.TB, conn *pgx.Conn, query string, args ...any) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return values
}

// Eventually waits until something has happened. It has no time limit but that of
// the test process, so that a slow machine only waits longer.
func Eventually(t testing.TB, event string, happened func() bool) {
	t.Helper()
	for !happened() {
		select {
		case <-t.Context().Done():
			t.Fatalf("%s: has not happened", event)
		case <-time.After(time.Millisecond):
		}
	}
}

// Begin starts a transaction of its own connection and runs statements in it.
func Begin(t testing.TB, url string, statements ...string) pgx.Tx {
	t.Helper()
	tx, err := Connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	Execute(t, tx.Conn(), statements...)
	return tx
}

// Terminate ends the connections that a condition on pg_stat_activity selects, and
// waits until they are closed.
func Terminate(t testing.TB, conn *pgx.Conn, condition string, args ...any) {
	t.Helper()
	Eventually(t, "the end of connections", func() bool {
		const end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
		return Scalar[int](t, conn, end+condition, args...) == 0
	})
}

// LockWaits waits until at least n connections to a database wait for locks.
func LockWaits(t testing.TB, url string, n int) {
	t.Helper()
	conn := Connect(t, url)
	Eventually(t, "waiting for locks", func() bool {
		const waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
		return Scalar[int](t, conn, waiting) >= n
	})
}
