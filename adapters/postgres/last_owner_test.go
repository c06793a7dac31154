package postgres_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// departure is a way in which an organization loses an owner.
type departure struct {
	name  string
	leave func(*testing.T, testdb.Crowd, domain.User, domain.OrganizationID) error
}

var departures = []departure{
	{"deletions", func(t *testing.T, c testdb.Crowd, owner domain.User, _ domain.OrganizationID) error {
		return c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: owner.UpdatedAt})
	}},
	{"suspensions", func(t *testing.T, c testdb.Crowd, owner domain.User, _ domain.OrganizationID) error {
		_, err := c.Users.ReplaceUser(t.Context(), ports.ReplaceUser{
			ID: owner.ID, Username: owner.Username, Email: owner.Email, Status: domain.Suspended, At: owner.UpdatedAt,
		})
		return err
	}},
	{"removals", func(t *testing.T, c testdb.Crowd, owner domain.User, o domain.OrganizationID) error {
		return c.Memberships.RemoveMember(t.Context(), o, owner.ID)
	}},
	{"demotions", func(t *testing.T, c testdb.Crowd, owner domain.User, o domain.OrganizationID) error {
		_, err := c.Memberships.SetRole(t.Context(), ports.SetRole{Organization: o, User: owner.ID, Role: domain.Member})
		return err
	}},
	{"erasures", func(t *testing.T, c testdb.Crowd, owner domain.User, _ domain.OrganizationID) error {
		_, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: owner.ID})
		return err
	}},
	{"patches", func(t *testing.T, c testdb.Crowd, owner domain.User, _ domain.OrganizationID) error {
		_, err := c.Users.PatchUser(t.Context(), ports.PatchUser{ID: owner.ID, Status: domain.Suspended, At: owner.UpdatedAt})
		return err
	}},
}

// wantOwners fails the test if an organization has no active owner, or if there was
// a deadlock.
func wantOwners(t *testing.T, c testdb.Crowd) {
	t.Helper()
	const ownerless = `SELECT count(*) FROM roster.organizations o WHERE NOT EXISTS (
		SELECT FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
		WHERE m.organization_id = o.id AND m.role = 'owner' AND u.status = 'active' AND u.deleted_at IS NULL)`
	if n := pgtest.Scalar[int64](t, c.Conn, ownerless); n > 0 {
		t.Errorf("%d organizations have no active owner", n)
	}
	if n := c.Deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}

// refusedOrAbsent reports whether an error says that a rule forbids the command, or
// that its user or membership does not exist.
func refusedOrAbsent(err error) bool {
	return errors.Is(err, domain.Conflict) || errors.Is(err, domain.NotFound)
}

func TestOwnersThatLeaveAtOnceDoNotDeadlock(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 6, 8)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			owner, o := c.Owners[i%len(c.Owners)], c.Organizations[i/2%len(c.Organizations)]
			way := departures[i/len(c.Owners)%len(departures)]
			if err := way.leave(t, c, owner, o); err != nil && !refusedOrAbsent(err) {
				t.Errorf("%s: %v", way.name, err)
			}
		})
	}
	all.Wait()
	wantOwners(t, c)
}

func TestOneOfTwoOwnersStaysAfter(t *testing.T) {
	t.Parallel()
	for _, way := range departures {
		t.Run("50 concurrent "+way.name, func(t *testing.T) {
			t.Parallel()
			c := testdb.NewCrowd(t, 2, 1)
			faults := make([]error, 50)
			var all sync.WaitGroup
			for i := range faults {
				all.Go(func() { faults[i] = way.leave(t, c, c.Owners[i%2], c.Organizations[0]) })
			}
			all.Wait()
			refused := 0
			for _, err := range faults {
				if errors.Is(err, domain.Conflict) {
					refused++
				} else if err != nil && !errors.Is(err, domain.NotFound) {
					t.Error(err)
				}
			}
			if refused != 25 {
				t.Errorf("%d commands were refused, not 25", refused)
			}
			wantOwners(t, c)
		})
	}
}

func TestOwnersThatAreDeletedAndRestoredAtOnceDoNotDeadlock(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 6, 8)
	pgtest.Execute(t, c.Conn, "UPDATE roster.plans SET seats = 6")
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			owner := c.Owners[i%len(c.Owners)]
			var err error
			switch at := owner.UpdatedAt; {
			case i == 150:
				_, err = c.Users.EraseUser(t.Context(), ports.EraseUser{ID: owner.ID})
			case i%2 == i/len(c.Owners)%2:
				err = c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: at})
			default:
				_, err = c.Users.RestoreUser(t.Context(), ports.RestoreUser{ID: owner.ID, At: at})
			}
			if err != nil && !refusedOrAbsent(err) {
				t.Errorf("command %d: %v", i, err)
			}
		})
	}
	all.Wait()
	wantOwners(t, c)
}

// The rules hold for programs that take none of Roster's locks.
func TestTheDatabaseItselfKeeps(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 2, 1)
	t.Run("the last owner", func(t *testing.T) {
		for _, text := range []string{
			"DELETE FROM roster.memberships",
			"UPDATE roster.memberships SET role = 'admin'",
			"UPDATE roster.users SET status = 'suspended'",
			"UPDATE roster.users SET deleted_at = now()",
			"DELETE FROM roster.users",
		} {
			_, err := c.Conn.Exec(t.Context(), text)
			contains(t, err, "23514", "would have no active owner")
		}
	})
	t.Run("the number of seats", func(t *testing.T) {
		pgtest.Execute(t, c.Conn, "INSERT INTO roster.plans VALUES ('two', 'Two', 2)", "UPDATE roster.organizations SET plan = 'two'")
		for _, text := range []string{
			"UPDATE roster.plans SET seats = 1 WHERE code = 'two'",
			`WITH p AS (INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
					VALUES (gen_random_uuid(), 'x', 'x@example.com', 'x', now(), now()) RETURNING id)
				INSERT INTO roster.memberships SELECT o.id, p.id, 'member', now() FROM roster.organizations o, p`,
		} {
			_, err := c.Conn.Exec(t.Context(), text)
			contains(t, err, "23514")
		}
	})
	t.Run("the last owner from transactions with an old snapshot, which it refuses", func(t *testing.T) {
		for _, level := range []pgx.TxIsoLevel{pgx.RepeatableRead, pgx.Serializable} {
			err := pgx.BeginTxFunc(t.Context(), c.Conn, pgx.TxOptions{IsoLevel: level}, func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), "DELETE FROM roster.memberships WHERE user_id = $1", c.Owners[0].ID.String())
				return err
			})
			contains(t, err, "0A000", "READ COMMITTED")
		}
	})
}

func TestARestoredUserNeedsASeatAndItsNames(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 3, 1)
	pgtest.Execute(t, c.Conn, "INSERT INTO roster.plans VALUES ('three', 'Three', 3)", "UPDATE roster.organizations SET plan = 'three'")
	deleted := c.Owners[2]
	if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: deleted.ID, At: deleted.UpdatedAt}); err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c.Conn, "UPDATE roster.plans SET seats = 2 WHERE code = 'three'")
	_, err := c.Conn.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL")
	contains(t, err, "23514", "more than 2 members")
	pgtest.Execute(t, c.Conn, "UPDATE roster.plans SET seats = NULL WHERE code = 'three'")
	same := testdb.User(9)
	same.Username = deleted.Username
	if _, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: same}); err != nil {
		t.Fatal(err)
	}
	_, err = c.Conn.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL")
	contains(t, err, "23505", "users_username_key")
}
