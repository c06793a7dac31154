package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/bulk"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// rivals are two stores of one database, each with a pool of its own.
type rivals struct {
	first, second *bulk.Store
	conn          *pgx.Conn
	url           string
}

func newRivals(t *testing.T) rivals {
	t.Helper()
	url := testdb.URL(t)
	open := func() *bulk.Store { return postgres.NewBulk(testdb.Open(t, testdb.Config(url))) }
	return rivals{open(), open(), pgtest.Connect(t, url), url}
}

// expire lets the lease of the running import end.
func (r rivals) expire(t *testing.T) {
	t.Helper()
	pgtest.Execute(t, r.conn, "UPDATE roster.import_lease SET expires_at = clock_timestamp()")
}

// steal imports one user with the second store, as if the first had been stopped for
// longer than its lease.
func (r rivals) steal(t *testing.T) {
	t.Helper()
	r.expire(t)
	if err := imports(t, r.second, ports.BulkImport{At: testdb.Begin}, users(100, 1, nil)); err != nil {
		t.Errorf("the second import: %v", err)
	}
}

// users gives users from a number on. Before the last, it calls between.
func users(first, count int, between func()) ports.Lines[ports.UserRecord] {
	return func(yield func(ports.Line[ports.UserRecord], error) bool) {
		for i := range count {
			if i == count-1 && between != nil {
				between()
			}
			u := testdb.User(first + i)
			line := ports.Line[ports.UserRecord]{Number: int64(i + 1), Record: ports.UserRecord{User: u, NewID: u.ID}}
			if !yield(line, nil) {
				return
			}
		}
	}
}

func imports(t *testing.T, store *bulk.Store, how ports.BulkImport, lines ports.Lines[ports.UserRecord]) error {
	t.Helper()
	return store.Import(t.Context(), how, func(ctx context.Context, to ports.BulkWriter) error {
		_, err := to.AddUsers(ctx, lines, func(ports.Refusal) error { return nil })
		return err
	})
}

// ways are the ways in which an import stores files.
var ways = map[string]ports.BulkImport{
	"a file a transaction":     {At: testdb.Begin},
	"all files a transaction":  {At: testdb.Begin, Atomic: true},
	"a part of a file at once": {At: testdb.Begin, Stored: func(int64) {}},
}

func lost(err error) bool {
	fault, ok := errors.AsType[*domain.Error](err)
	return ok && fault.Kind == domain.Conflict && fault.Reason == domain.ReasonInUse
}

func TestOfTwoImportsOverTwoPoolsOneIsRefused(t *testing.T) {
	t.Parallel()
	r := newRivals(t)
	err := imports(t, r.first, ports.BulkImport{At: testdb.Begin}, users(0, 3, func() {
		if err := imports(t, r.second, ports.BulkImport{At: testdb.Begin}, users(100, 1, nil)); !lost(err) {
			t.Errorf("the second import ends with %v", err)
		}
	}))
	if n := pgtest.Scalar[int](t, r.conn, "SELECT count(*) FROM roster.users"); err != nil || n != 3 {
		t.Errorf("%d users are stored, %v", n, err)
	}
}

func TestAnImportThatLostItsLeaseStoresNothing(t *testing.T) {
	t.Parallel()
	for name, how := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for when, steal := range map[string]func(r rivals) (before, during func()){
				"before a file": func(r rivals) (before, during func()) { return func() { r.steal(t) }, nil },
				"in its middle": func(r rivals) (before, during func()) { return func() {}, func() { r.steal(t) } },
			} {
				r := newRivals(t)
				before, during := steal(r)
				err := r.first.Import(t.Context(), how, func(ctx context.Context, to ports.BulkWriter) error {
					before()
					_, err := to.AddUsers(ctx, users(0, 3, during), func(ports.Refusal) error { return nil })
					return err
				})
				stored := pgtest.Column[string](t, r.conn, "SELECT username FROM roster.users")
				if !lost(err) || len(stored) != 1 || stored[0] != "user100" {
					t.Errorf("%s: %v is stored, and the error is %v", when, stored, err)
				}
				if n := pgtest.Scalar[int](t, r.conn, "SELECT count(*) FROM roster.staging_users"); n > 0 {
					t.Errorf("%s: %d lines are still staged", when, n)
				}
			}
		})
	}
}

func TestNobodyTakesTheLeaseOfATransactionThatStores(t *testing.T) {
	t.Parallel()
	for name, how := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRivals(t)
			// The transaction waits for a user with one of its names.
			u := testdb.User(1)
			other := pgtest.Begin(t, r.url, fmt.Sprintf(`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
				VALUES (gen_random_uuid(), '%s', 'other@example.com', 'x', now(), now())`, u.Username))
			ended := make(chan error, 1)
			go func() { ended <- imports(t, r.first, how, users(0, 3, nil)) }()
			pgtest.LockWaits(t, r.url, 1)
			r.expire(t)
			if err := imports(t, r.second, ports.BulkImport{At: testdb.Begin}, users(100, 1, nil)); !lost(err) {
				t.Errorf("the second import ends with %v", err)
			}
			if err := other.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err != nil {
				t.Errorf("the first import ends with %v", err)
			}
			if n := pgtest.Scalar[int](t, r.conn, "SELECT count(*) FROM roster.users"); n != 3 {
				t.Errorf("%d users are stored", n)
			}
		})
	}
}

func TestALeaseIsRenewedUntilItIsLost(t *testing.T) {
	t.Parallel()
	r := newRivals(t)
	r.first.SetLeaseTime(30 * time.Millisecond)
	expires := func() time.Time {
		return pgtest.Scalar[time.Time](t, r.conn, "SELECT expires_at FROM roster.import_lease")
	}
	err := r.first.Import(t.Context(), ports.BulkImport{At: testdb.Begin}, func(ctx context.Context, _ ports.BulkWriter) error {
		before := expires()
		pgtest.Eventually(t, "a renewal", func() bool { return expires().After(before) })
		pgtest.Execute(t, r.conn, "UPDATE roster.import_lease SET owner = gen_random_uuid()")
		pgtest.Eventually(t, "the end of the import that lost its lease", func() bool { return ctx.Err() != nil })
		return ctx.Err()
	})
	if !lost(err) {
		t.Errorf("the import ends with %v", err)
	}
}

// A crash of the server empties the staging tables, and the lease with them.
func TestAnImportWhoseStagedLinesAreGoneStoresNothing(t *testing.T) {
	t.Parallel()
	r := newRivals(t)
	kept := pgtest.Column[string](t, r.conn, `SELECT relname FROM pg_class WHERE relnamespace = 'roster'::regnamespace
		AND (relname LIKE 'staging\_%' OR relname = 'import_lease') AND relkind = 'r' AND relpersistence <> 'u'`)
	if len(kept) > 0 {
		t.Errorf("a crash does not empty %v", kept)
	}
	err := imports(t, r.first, ports.BulkImport{At: testdb.Begin}, users(0, 3, func() {
		pgtest.Execute(t, r.conn, "DELETE FROM roster.import_lease")
	}))
	if n := pgtest.Scalar[int](t, r.conn, "SELECT count(*) FROM roster.users"); !lost(err) || n > 0 {
		t.Errorf("%d users are stored, and the error is %v", n, err)
	}
}
