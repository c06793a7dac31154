package postgres_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// An import may make an organization whose owners are all suspended or deleted. It
// may lose them: it has no active owner before and after.
func TestAnOrganizationWithoutAnActiveOwnerMayLoseOwners(t *testing.T) {
	t.Parallel()
	for what, use := range map[string]func(testdb.Crowd, domain.UserID) error{
		"erase": func(c testdb.Crowd, id domain.UserID) error {
			_, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: id})
			return err
		},
		"delete": func(c testdb.Crowd, id domain.UserID) error {
			return c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: id, At: testdb.Begin})
		},
		"remove": func(c testdb.Crowd, id domain.UserID) error {
			return c.Memberships.RemoveMember(t.Context(), c.Organizations[0], id)
		},
		"demote": func(c testdb.Crowd, id domain.UserID) error {
			_, err := c.Memberships.SetRole(t.Context(), ports.SetRole{Organization: c.Organizations[0], User: id, Role: domain.Member})
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := testdb.NewCrowd(t, 3, 1)
			suspended, member, active := c.Owners[0].ID, c.Owners[1].ID, c.Owners[2].ID
			pgtest.Execute(t, c.Conn,
				fmt.Sprintf("UPDATE roster.memberships SET role = 'member' WHERE user_id = '%s'", member),
				"ALTER TABLE roster.users DISABLE TRIGGER require_owner_and_seats_after_update",
				fmt.Sprintf("UPDATE roster.users SET status = 'suspended' WHERE id IN ('%s', '%s')", suspended, active),
				"ALTER TABLE roster.users ENABLE TRIGGER require_owner_and_seats_after_update")
			for _, id := range []domain.UserID{suspended, member} {
				if err := use(c, id); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			pgtest.Execute(t, c.Conn, fmt.Sprintf("UPDATE roster.users SET status = 'active' WHERE id = '%s'", active))
			var fault *domain.Error
			if err := use(c, active); !errors.As(err, &fault) || fault.Reason != domain.ReasonLastOwner {
				t.Errorf("%s the last active owner: %v", what, err)
			}
		})
	}
}

func TestADeletedOwnerOfAnOrganizationWithoutAnActiveOwnerIsErased(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	pgtest.Execute(t, c.Conn, "ALTER TABLE roster.users DISABLE TRIGGER require_owner_and_seats_after_update",
		"UPDATE roster.users SET deleted_at = now()",
		"ALTER TABLE roster.users ENABLE TRIGGER require_owner_and_seats_after_update")
	if _, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: c.Owners[0].ID}); err != nil {
		t.Error(err)
	}
}

// A statement may delete several owners: it must not leave an organization without.
func TestAStatementThatDeletesAllOwnersIsRefused(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 3, 2)
	if _, err := c.Conn.Exec(t.Context(), "DELETE FROM roster.users"); err == nil {
		t.Error("all owners were deleted")
	}
}
