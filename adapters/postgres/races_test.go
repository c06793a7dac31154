package postgres_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func ownerless(t *testing.T, c testdb.Crowd) int64 {
	t.Helper()
	return pgtest.Scalar[int64](t, pgtest.Connect(t, c.URL), `SELECT count(*) FROM roster.organizations o WHERE NOT EXISTS (
		SELECT FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
		WHERE m.organization_id = o.id AND m.role = 'owner' AND u.status = 'active' AND u.deleted_at IS NULL)`)
}

// ways are those in which leave takes an owner away.
var ways = []string{"deletions", "suspensions", "removals", "demotions", "erasures", "patches"}

func leave(t *testing.T, c testdb.Crowd, way int, owner domain.User, o domain.OrganizationID) error {
	users, memberships := c.Users, c.Memberships
	switch way % len(ways) {
	case 0:
		return users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: owner.UpdatedAt})
	case 1:
		_, err := users.ReplaceUser(t.Context(), ports.ReplaceUser{
			ID: owner.ID, Username: owner.Username, Email: owner.Email, Status: domain.Suspended, At: owner.UpdatedAt,
		})
		return err
	case 2:
		return memberships.RemoveMember(t.Context(), o, owner.ID)
	case 4:
		return users.EraseUser(t.Context(), ports.EraseUser{ID: owner.ID})
	case 5:
		_, err := users.PatchUser(t.Context(), ports.PatchUser{ID: owner.ID, Status: domain.Suspended, At: owner.UpdatedAt})
		return err
	default:
		_, err := memberships.SetRole(t.Context(), ports.SetRole{Organization: o, User: owner.ID, Role: domain.Member})
		return err
	}
}

func TestOwnersWhoLeaveAtOnceDoNotDeadlock(t *testing.T) {
	c := testdb.NewCrowd(t, 6, 8)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			owner, o := c.Owners[i%len(c.Owners)], c.Organizations[i/2%len(c.Organizations)]
			err := leave(t, c, i/len(c.Owners), owner, o)
			if err != nil && !errors.Is(err, domain.Conflict) && !errors.Is(err, domain.NotFound) {
				t.Errorf("%s: %v", ways[i/len(c.Owners)%len(ways)], err)
			}
		})
	}
	all.Wait()
	if n := ownerless(t, c); n > 0 {
		t.Errorf("%d organizations have no active owner", n)
	}
	if n := c.Deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}

func TestOfFiftyWaysToLoseTheLastTwoOwnersOneSucceeds(t *testing.T) {
	for way, name := range ways {
		t.Run(name, func(t *testing.T) {
			c := testdb.NewCrowd(t, 2, 1)
			faults := make([]error, 50)
			var all sync.WaitGroup
			for i := range faults {
				all.Go(func() { faults[i] = leave(t, c, way, c.Owners[i%2], c.Organizations[0]) })
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
			if n := ownerless(t, c); n > 0 || refused != 25 {
				t.Errorf("%d organizations have no active owner; %d of 25 were refused", n, refused)
			}
			if n := c.Deadlocks(t); n > 0 {
				t.Errorf("%d deadlocks", n)
			}
		})
	}
}

func TestOwnersWhoComeAndGoAtOnceDoNotDeadlock(t *testing.T) {
	c := testdb.NewCrowd(t, 6, 8)
	pgtest.Execute(t, pgtest.Connect(t, c.URL), "UPDATE roster.plans SET seats = 6")
	users := c.Users
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			owner := c.Owners[i%len(c.Owners)]
			var err error
			switch at := owner.UpdatedAt; {
			case i == 150:
				err = users.EraseUser(t.Context(), ports.EraseUser{ID: owner.ID})
			case i%2 == i/len(c.Owners)%2:
				err = users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: at})
			default:
				_, err = users.RestoreUser(t.Context(), ports.RestoreUser{ID: owner.ID, At: at})
			}
			if err != nil && !errors.Is(err, domain.Conflict) && !errors.Is(err, domain.NotFound) {
				t.Errorf("command %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := ownerless(t, c); n > 0 {
		t.Errorf("%d organizations have no active owner", n)
	}
	if n := c.Deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}

// The rules hold for writers who know nothing of Roster's locks.
func TestTheDatabaseKeepsTheRulesAlone(t *testing.T) {
	c := testdb.NewCrowd(t, 2, 1)
	plain := pgtest.Connect(t, c.URL)
	t.Run("the last owner", func(t *testing.T) {
		for _, text := range []string{
			"DELETE FROM roster.memberships",
			"UPDATE roster.memberships SET role = 'admin'",
			"UPDATE roster.users SET status = 'suspended'",
			"UPDATE roster.users SET deleted_at = now()",
			"DELETE FROM roster.users",
		} {
			_, err := plain.Exec(t.Context(), text)
			contains(t, err, "23514", "would have no active owner")
		}
	})
	t.Run("the seats", func(t *testing.T) {
		pgtest.Execute(t, plain, "INSERT INTO roster.plans VALUES ('two', 'Two', 2)", "UPDATE roster.organizations SET plan = 'two'")
		for _, text := range []string{
			"UPDATE roster.plans SET seats = 1 WHERE code = 'two'",
			"WITH p AS (INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at) VALUES (gen_random_uuid(), 'x', 'x@example.com', 'x', now(), now()) RETURNING id) INSERT INTO roster.memberships SELECT o.id, p.id, 'member', now() FROM roster.organizations o, p",
		} {
			_, err := plain.Exec(t.Context(), text)
			contains(t, err, "23514")
		}
	})
	t.Run("and refuses to judge with an old snapshot", func(t *testing.T) {
		for _, level := range []pgx.TxIsoLevel{pgx.RepeatableRead, pgx.Serializable} {
			err := pgx.BeginTxFunc(t.Context(), plain, pgx.TxOptions{IsoLevel: level}, func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), "DELETE FROM roster.memberships WHERE user_id = $1", c.Owners[0].ID.String())
				return err
			})
			contains(t, err, "0A000", "READ COMMITTED")
		}
	})
}

func TestAUserWhoIsRestoredNeedsASeatAndItsNames(t *testing.T) {
	c := testdb.NewCrowd(t, 3, 1)
	plain := pgtest.Connect(t, c.URL)
	pgtest.Execute(t, plain, "INSERT INTO roster.plans VALUES ('three', 'Three', 3)", "UPDATE roster.organizations SET plan = 'three'")
	gone := c.Owners[2]
	if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: gone.ID, At: gone.UpdatedAt}); err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, plain, "UPDATE roster.plans SET seats = 2 WHERE code = 'three'")
	_, err := plain.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL")
	contains(t, err, "23514", "more than 2 members")
	pgtest.Execute(t, plain, "UPDATE roster.plans SET seats = NULL WHERE code = 'three'")
	same := testdb.User(9)
	same.Username = gone.Username
	if _, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: same}); err != nil {
		t.Fatal(err)
	}
	_, err = plain.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL")
	contains(t, err, "23505", "users_username_key")
}
