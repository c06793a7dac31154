package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// reader reads the changes page by page.
type reader struct {
	*testing.T
	users *postgres.Users
	after *ports.ChangePosition
}

// next returns the names on the next page. The name of a tombstone is empty.
func (r *reader) next(size int) []string {
	r.Helper()
	limit, err := domain.ParsePageSize(size)
	if err != nil {
		r.Fatal(err)
	}
	changes, err := r.users.ListChanges(r.Context(), ports.ListChanges{After: r.after, Limit: limit})
	if err != nil {
		r.Fatal(err)
	}
	r.after = &changes.Next
	var names []string
	for _, change := range changes.Items {
		names = append(names, change.User.Username.String())
	}
	return names
}

// remaining returns the names on all following pages of a size, once there are n of
// them. Transactions of other databases on the server may delay them.
func (r *reader) remaining(size, n int) []string {
	r.Helper()
	var names []string
	pgtest.Eventually(r, fmt.Sprintf("%d changes", n), func() bool {
		page := r.next(size)
		for ; len(page) > 0; page = r.next(size) {
			names = append(names, page...)
		}
		return len(names) >= n
	})
	return names
}

func insertNamed(name string) string {
	return fmt.Sprintf(`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		VALUES (gen_random_uuid(), '%s', '%s@example.com', 'x', now(), now())`, name, name)
}

func TestChangesOfATransactionThatCommitsLateAreNotSkipped(t *testing.T) {
	t.Parallel()
	url := testdb.URL(t)
	for _, size := range []int{1, 2, 100} {
		t.Run(fmt.Sprintf("in pages of %d", size), func(t *testing.T) {
			c := pgtest.Connect(t, url)
			pgtest.Execute(t, c, "DELETE FROM roster.users", "DELETE FROM roster.user_tombstones", insertNamed("before"))
			r := &reader{T: t, users: postgres.NewUsers(testdb.Open(t, testdb.Config(url)))}
			if got := r.remaining(size, 1); !slices.Equal(got, []string{"before"}) {
				t.Fatalf("at first the changes are %v", got)
			}
			slow := pgtest.Begin(t, url, insertNamed("slow"))
			pgtest.Execute(t, c, insertNamed("quick"))
			slower := pgtest.Begin(t, url, insertNamed("slower"))
			pgtest.Execute(t, c, "UPDATE roster.users SET display_name = 'y' WHERE username = 'before'")
			for range 3 {
				if got := r.next(size); len(got) != 0 {
					t.Errorf("while the first transaction is open, the changes are %v", got)
				}
			}
			if err := slower.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := r.next(size); len(got) != 0 {
				t.Errorf("while the first transaction is open, the changes are %v", got)
			}
			if err := slow.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := r.remaining(size, 4), []string{"slow", "quick", "slower", "before"}; !slices.Equal(got, want) {
				t.Errorf("then the changes are %v; they should be %v", got, want)
			}
		})
	}
}

func TestChangesAreListedAfterAnOlderTransactionIsRolledBack(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	r := &reader{T: t, users: users}
	older := pgtest.Begin(t, c.Config().ConnString(), insertNamed("undone"))
	pgtest.Execute(t, c, insertNamed("kept"))
	if err := older.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.remaining(10, 1); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("the changes are %v", got)
	}
}

func TestManyChangesOfOneTransactionAreReadInPages(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		SELECT gen_random_uuid(), 'user' || n, 'user' || n || '@example.com', 'x', now(), now() FROM generate_series(1, 25) n`)
	for _, size := range []int{1, 5, 7, 25, 26} {
		r := &reader{T: t, users: users}
		got := r.remaining(size, 25)
		slices.Sort(got)
		if len(slices.Compact(got)) != 25 {
			t.Errorf("in pages of %d the changes are %v", size, got)
		}
	}
}

func TestAStatementThatDeletesRowsLeavesTombstones(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, insertNamed("one"), insertNamed("two"))
	r := &reader{T: t, users: users}
	r.remaining(10, 2)
	pgtest.Execute(t, c, "DELETE FROM roster.users")
	if got := r.remaining(10, 2); !slices.Equal(got, []string{"", ""}) {
		t.Errorf("the changes are %q", got)
	}
}

func TestChangesFromADumpOfAnotherServerAreNotListed(t *testing.T) {
	t.Parallel()
	for what, statements := range map[string][]string{
		"users": {
			"ALTER TABLE roster.users DISABLE TRIGGER stamp_changed_before_update", "UPDATE roster.users SET changed = '999999999999'",
			"ALTER TABLE roster.users ENABLE TRIGGER stamp_changed_before_update",
		},
		"tombstones": {"UPDATE roster.user_tombstones SET changed = '999999999999'"},
	} {
		t.Run(what, func(t *testing.T) {
			users, c := testdb.NewUsers(t)
			pgtest.Execute(t, c, insertNamed("ada"), insertNamed("gone"), "DELETE FROM roster.users WHERE username = 'gone'")
			pgtest.Execute(t, c, statements...)
			for _, in := range []ports.ListChanges{
				{Limit: domain.DefaultListSize},
				{Limit: domain.DefaultListSize, Since: time.Now()},
				{Limit: domain.DefaultListSize, After: &ports.ChangePosition{Change: 5, Seen: 5}},
			} {
				_, err := users.ListChanges(t.Context(), in)
				var fault *domain.Error
				if !errors.As(err, &fault) || fault.Kind != domain.Unavailable || fault.Reason != domain.ReasonRestored {
					t.Errorf("the error is %v", err)
				}
			}
		})
	}
}

func TestAListOfChangesIsCancelledWithItsCaller(t *testing.T) {
	t.Parallel()
	users, _ := testdb.NewUsers(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := users.ListChanges(ctx, ports.ListChanges{Limit: domain.DefaultListSize})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
