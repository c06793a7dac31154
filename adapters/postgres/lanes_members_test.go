package postgres_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// sharedMembers is a crowd whose writes all go by the statements for many, with
// users 10 to 9+n, each a member of the organization that its number gives.
func sharedMembers(t *testing.T, n int) (crowd, *postgres.Users) {
	t.Helper()
	c := newCrowd(t, 2, 3)
	d := open(t, sharing(c.url))
	postgres.AlwaysTogether(d)
	users, plain := postgres.NewUsers(d), connect(t, c.url)
	for i := range n {
		if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: newUser(t, 10+i)}); err != nil {
			t.Fatal(err)
		}
		if _, err := plain.Exec(t.Context(), "INSERT INTO roster.memberships SELECT $1, id, 'member', now() FROM roster.users WHERE username = $2",
			c.organizations[i%3].String(), newUser(t, 10+i).Username.String()); err != nil {
			t.Fatal(err)
		}
	}
	return c, users
}

func TestMembersAreDeletedTogetherAndOwnersAreNot(t *testing.T) {
	const members = 24
	c, users := sharedMembers(t, members)
	plain := connect(t, c.url)
	// What comes while the lane's slots wait is one batch.
	execute(t, plain, "BEGIN", "LOCK TABLE roster.users IN SHARE MODE")
	var all sync.WaitGroup
	for n := range members {
		all.Go(func() {
			if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: newUser(t, 10+n).ID, At: begin}); err != nil {
				t.Errorf("member %d: %v", n, err)
			}
		})
	}
	var kept atomic.Int64
	for _, owner := range c.owners {
		all.Go(func() {
			if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: begin}); errors.Is(err, domain.Conflict) {
				kept.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	lockWaits(t, c.url, 1)
	execute(t, plain, "COMMIT")
	all.Wait()
	if n := kept.Load(); n != 1 {
		t.Errorf("%d of two owners stay", n)
	}
	if n := scalar[int64](t, plain, "SELECT count(DISTINCT changed) FROM roster.users WHERE deleted_at IS NOT NULL"); n > members/2 {
		t.Errorf("%d transactions deleted %d members", n, members)
	}
	if n := scalar[int64](t, plain, "SELECT sum(members)::bigint FROM roster.engagement_organizations"); n != 3 {
		t.Errorf("%d members count, and one owner is left in each of 3 organizations", n)
	}
	if n := scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
		t.Errorf("%d sums are wrong", n)
	}
}

func TestAMemberWhoWaitsForAnOrganizationDelaysNoOther(t *testing.T) {
	c, users := sharedMembers(t, 15)
	plain := connect(t, c.url)
	execute(t, plain, "BEGIN", "SELECT FROM roster.engagement_organizations WHERE organization_id = '02000000-0000-0000-0000-000000000000' FOR UPDATE")
	remove := func(n int) {
		if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: newUser(t, 10+n).ID, At: begin}); err != nil {
			t.Errorf("%d: %v", n, err)
		}
	}
	var waiting sync.WaitGroup
	for n := 0; n < 15; n += 3 { // more than the lane has slots
		waiting.Go(func() { remove(n) })
	}
	lockWaits(t, c.url, 5)
	for n := 1; n < 15; n += 3 {
		remove(n)
	}
	execute(t, plain, "COMMIT")
	waiting.Wait()
	if n := scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
		t.Errorf("%d sums are wrong", n)
	}
}
