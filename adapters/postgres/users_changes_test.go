package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// reader follows the changes.
type reader struct {
	*testing.T
	users *postgres.Users
	after *ports.ChangePosition
}

// next are the names of those on the next page; an empty name is a tombstone's.
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

// rest are the names of all that follow, in pages of a size, once n of them
// are there: what else the server does may hold them back for a while.
func (r *reader) rest(size, n int) []string {
	r.Helper()
	var names []string
	for range manyLooks {
		page := r.next(size)
		names = append(names, page...)
		if len(page) == 0 && len(names) >= n {
			return names
		}
	}
	r.Fatalf("there are %v, of %d", names, n)
	return nil
}

func insertNamed(name string) string {
	return fmt.Sprintf(`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		VALUES (gen_random_uuid(), '%s', '%s@example.com', 'x', now(), now())`, name, name)
}

func begun(t *testing.T, url string, statements ...string) pgx.Tx {
	t.Helper()
	tx, err := pgtest.Connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range statements {
		if _, err := tx.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	return tx
}

func TestATransactionThatCommitsLateIsNotPassedOver(t *testing.T) {
	url := testdb.URL(t)
	for _, size := range []int{1, 2, 100} {
		t.Run(fmt.Sprintf("in pages of %d", size), func(t *testing.T) {
			c := pgtest.Connect(t, url)
			pgtest.Execute(t, c, "DELETE FROM roster.users", "DELETE FROM roster.user_tombstones", insertNamed("before"))
			r := &reader{T: t, users: postgres.NewUsers(testdb.Open(t, testdb.Config(url)))}
			if got := r.rest(size, 1); !slices.Equal(got, []string{"before"}) {
				t.Fatalf("at first there are %v", got)
			}
			slow := begun(t, url, insertNamed("slow"))
			pgtest.Execute(t, c, insertNamed("quick"))
			slower := begun(t, url, insertNamed("slower"))
			pgtest.Execute(t, c, "UPDATE roster.users SET display_name = 'y' WHERE username = 'before'")
			for range 3 {
				if got := r.next(size); len(got) != 0 {
					t.Errorf("while the first is under way, %v are there", got)
				}
			}
			if err := slower.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := r.next(size); len(got) != 0 {
				t.Errorf("while the first is under way, %v are there", got)
			}
			if err := slow.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := r.rest(size, 4), []string{"slow", "quick", "slower", "before"}; !slices.Equal(got, want) {
				t.Errorf("then there are %v; there should be %v", got, want)
			}
		})
	}
}

func TestATransactionThatIsUndoneHoldsNothingBackForLong(t *testing.T) {
	url := testdb.URL(t)
	r := &reader{T: t, users: postgres.NewUsers(testdb.Open(t, testdb.Config(url)))}
	undone := begun(t, url, insertNamed("undone"))
	pgtest.Execute(t, pgtest.Connect(t, url), insertNamed("kept"))
	if err := undone.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.rest(10, 1); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("there are %v", got)
	}
}

func TestManyChangesOfOneTransactionAreReadInPages(t *testing.T) {
	url := testdb.URL(t)
	pgtest.Execute(t, pgtest.Connect(t, url), `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		SELECT gen_random_uuid(), 'user' || n, 'user' || n || '@example.com', 'x', now(), now() FROM generate_series(1, 25) n`)
	for _, size := range []int{1, 5, 7, 25, 26} {
		r := &reader{T: t, users: postgres.NewUsers(testdb.Open(t, testdb.Config(url)))}
		got := r.rest(size, 25)
		slices.Sort(got)
		if len(slices.Compact(got)) != 25 {
			t.Errorf("in pages of %d there are %v", size, got)
		}
	}
}

func TestEveryStatementThatRemovesUsersLeavesTombstones(t *testing.T) {
	url := testdb.URL(t)
	c := pgtest.Connect(t, url)
	pgtest.Execute(t, c, insertNamed("one"), insertNamed("two"))
	r := &reader{T: t, users: postgres.NewUsers(testdb.Open(t, testdb.Config(url)))}
	r.rest(10, 2)
	pgtest.Execute(t, c, "DELETE FROM roster.users")
	if got := r.rest(10, 2); !slices.Equal(got, []string{"", ""}) {
		t.Errorf("there are %q", got)
	}
}

func TestChangesOfAnotherServersDumpAreNotServed(t *testing.T) {
	for what, statements := range map[string][]string{
		"users": {
			"ALTER TABLE roster.users DISABLE TRIGGER stamp_changed_before_update", "UPDATE roster.users SET changed = '999999999999'",
			"ALTER TABLE roster.users ENABLE TRIGGER stamp_changed_before_update",
		},
		"tombstones": {"UPDATE roster.user_tombstones SET changed = '999999999999'"},
	} {
		t.Run(what, func(t *testing.T) {
			url := testdb.URL(t)
			c := pgtest.Connect(t, url)
			pgtest.Execute(t, c, insertNamed("ada"), insertNamed("gone"), "DELETE FROM roster.users WHERE username = 'gone'")
			users := postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
			pgtest.Execute(t, c, statements...)
			for _, in := range []ports.ListChanges{
				{Limit: domain.DefaultListSize},
				{Limit: domain.DefaultListSize, Since: time.Now()},
				{Limit: domain.DefaultListSize, After: &ports.ChangePosition{Change: 5}},
			} {
				_, err := users.ListChanges(t.Context(), in)
				var fault *domain.Error
				if !errors.As(err, &fault) || fault.Kind != domain.Unavailable || fault.Fix != "run roster migrate up" {
					t.Errorf("the error is %v", err)
				}
			}
		})
	}
}

func TestChangesEndWithTheCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := postgres.NewUsers(testdb.Open(t, testdb.Config(testdb.URL(t)))).ListChanges(ctx, ports.ListChanges{Limit: domain.DefaultListSize})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
