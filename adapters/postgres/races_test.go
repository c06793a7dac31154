package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// crowd is organizations that the same few users own, each of them all.
type crowd struct {
	url           string
	d             *postgres.Database
	owners        []domain.User
	organizations []domain.OrganizationID
}

func newCrowd(t *testing.T, owners, organizations int) crowd {
	t.Helper()
	all := crowd{url: directory.Database(t)}
	all.d = open(t, config(all.url))
	c := connect(t, all.url)
	execute(t, c, "INSERT INTO roster.plans VALUES ('free', 'Free', NULL)")
	for i := range owners {
		user, err := postgres.NewUsers(all.d).CreateUser(t.Context(), ports.CreateUser{User: newUser(t, i)})
		if err != nil {
			t.Fatal(err)
		}
		all.owners = append(all.owners, user)
	}
	for i := range organizations {
		id := domain.OrganizationID{0: 2, 15: byte(i)}
		execute(t, c, fmt.Sprintf("INSERT INTO roster.organizations VALUES ('%s', 'O', 'o%d', 'free', now())", id, i),
			fmt.Sprintf("INSERT INTO roster.memberships SELECT '%s', id, 'owner', now() FROM roster.users", id))
		all.organizations = append(all.organizations, id)
	}
	return all
}

// deadlocks closes the pool, by which its connections report what they counted.
func (c crowd) deadlocks(t *testing.T) int64 {
	t.Helper()
	c.d.Close()
	return scalar[int64](t, connect(t, c.url), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
}

func (c crowd) ownerless(t *testing.T) int64 {
	t.Helper()
	return scalar[int64](t, connect(t, c.url), `SELECT count(*) FROM roster.organizations o WHERE NOT EXISTS (
		SELECT FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
		WHERE m.organization_id = o.id AND m.role = 'owner' AND u.status = 'active' AND u.deleted_at IS NULL)`)
}

// ways are those in which leave takes an owner away.
var ways = []string{"deletions", "suspensions", "removals", "demotions", "erasures", "patches"}

func (c crowd) leave(t *testing.T, way int, owner domain.User, o domain.OrganizationID) error {
	users, memberships := postgres.NewUsers(c.d), postgres.NewMemberships(c.d)
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
	c := newCrowd(t, 6, 8)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			owner, o := c.owners[i%len(c.owners)], c.organizations[i/2%len(c.organizations)]
			err := c.leave(t, i/len(c.owners), owner, o)
			if err != nil && !errors.Is(err, domain.Conflict) && !errors.Is(err, domain.NotFound) {
				t.Errorf("%s: %v", ways[i/len(c.owners)%len(ways)], err)
			}
		})
	}
	all.Wait()
	if n := c.ownerless(t); n > 0 {
		t.Errorf("%d organizations have no active owner", n)
	}
	if n := c.deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}

func TestOfFiftyWaysToLoseTheLastTwoOwnersOneSucceeds(t *testing.T) {
	for way, name := range ways {
		t.Run(name, func(t *testing.T) {
			c := newCrowd(t, 2, 1)
			faults := make([]error, 50)
			var all sync.WaitGroup
			for i := range faults {
				all.Go(func() { faults[i] = c.leave(t, way, c.owners[i%2], c.organizations[0]) })
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
			if n := c.ownerless(t); n > 0 || refused != 25 {
				t.Errorf("%d organizations have no active owner; %d of 25 were refused", n, refused)
			}
			if n := c.deadlocks(t); n > 0 {
				t.Errorf("%d deadlocks", n)
			}
		})
	}
}

func TestOwnersWhoComeAndGoAtOnceDoNotDeadlock(t *testing.T) {
	c := newCrowd(t, 6, 8)
	execute(t, connect(t, c.url), "UPDATE roster.plans SET seats = 6")
	users := postgres.NewUsers(c.d)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			owner := c.owners[i%len(c.owners)]
			var err error
			switch at := owner.UpdatedAt; {
			case i == 150:
				err = users.EraseUser(t.Context(), ports.EraseUser{ID: owner.ID})
			case i%2 == i/len(c.owners)%2:
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
	if n := c.ownerless(t); n > 0 {
		t.Errorf("%d organizations have no active owner", n)
	}
	if n := c.deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}

// The rules hold for writers who know nothing of Roster's locks.
func TestTheDatabaseKeepsTheRulesAlone(t *testing.T) {
	c := newCrowd(t, 2, 1)
	plain := connect(t, c.url)
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
		execute(t, plain, "INSERT INTO roster.plans VALUES ('two', 'Two', 2)", "UPDATE roster.organizations SET plan = 'two'")
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
				_, err := tx.Exec(t.Context(), "DELETE FROM roster.memberships WHERE user_id = $1", c.owners[0].ID.String())
				return err
			})
			contains(t, err, "0A000", "READ COMMITTED")
		}
	})
}

func TestAUserWhoIsRestoredNeedsASeatAndItsNames(t *testing.T) {
	c := newCrowd(t, 3, 1)
	plain := connect(t, c.url)
	execute(t, plain, "INSERT INTO roster.plans VALUES ('three', 'Three', 3)", "UPDATE roster.organizations SET plan = 'three'")
	gone := c.owners[2]
	if err := postgres.NewUsers(c.d).DeleteUser(t.Context(), ports.DeleteUser{ID: gone.ID, At: gone.UpdatedAt}); err != nil {
		t.Fatal(err)
	}
	execute(t, plain, "UPDATE roster.plans SET seats = 2 WHERE code = 'three'")
	_, err := plain.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL")
	contains(t, err, "23514", "more than 2 members")
	execute(t, plain, "UPDATE roster.plans SET seats = NULL WHERE code = 'three'")
	same := freshUser(9)
	same.Username = gone.Username
	if _, err := postgres.NewUsers(c.d).CreateUser(t.Context(), ports.CreateUser{User: same}); err != nil {
		t.Fatal(err)
	}
	_, err = plain.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL")
	contains(t, err, "23505", "users_username_key")
}
