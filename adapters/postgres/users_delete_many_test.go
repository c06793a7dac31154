package postgres_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// sharedMembers is a testdb.Crowd whose writes all go by the statements for many, with
// users 10 to 9+n, each a member of the organization that its number gives.
func sharedMembers(t *testing.T, n int) (testdb.Crowd, *postgres.Users) {
	t.Helper()
	c := testdb.NewCrowd(t, 2, 3)
	d := testdb.Open(t, testdb.Batching(c.URL))
	postgres.ManyForOne(d)
	users, plain := postgres.NewUsers(d), pgtest.Connect(t, c.URL)
	for i := range n {
		if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(10 + i)}); err != nil {
			t.Fatal(err)
		}
		if _, err := plain.Exec(t.Context(), "INSERT INTO roster.memberships SELECT $1, id, 'member', now() FROM roster.users WHERE username = $2",
			c.Organizations[i%3].String(), testdb.User(10+i).Username.String()); err != nil {
			t.Fatal(err)
		}
	}
	return c, users
}

func TestMembersAreDeletedTogetherAndOwnersAreNot(t *testing.T) {
	const members = 24
	c, users := sharedMembers(t, members)
	plain := pgtest.Connect(t, c.URL)
	// What comes while the lane's slots wait is one batch.
	pgtest.Execute(t, plain, "BEGIN", "LOCK TABLE roster.users IN SHARE MODE")
	var all sync.WaitGroup
	for n := range members {
		all.Go(func() {
			if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(10 + n).ID, At: testdb.Begin}); err != nil {
				t.Errorf("member %d: %v", n, err)
			}
		})
	}
	var kept atomic.Int64
	for _, owner := range c.Owners {
		all.Go(func() {
			if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: testdb.Begin}); errors.Is(err, domain.Conflict) {
				kept.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	pgtest.LockWaits(t, c.URL, 1)
	pgtest.Execute(t, plain, "COMMIT")
	all.Wait()
	if n := kept.Load(); n != 1 {
		t.Errorf("%d of two owners stay", n)
	}
	if n := pgtest.Scalar[int64](t, plain, "SELECT count(DISTINCT changed) FROM roster.users WHERE deleted_at IS NOT NULL"); n > members/2 {
		t.Errorf("%d transactions deleted %d members", n, members)
	}
	if n := pgtest.Scalar[int64](t, plain, "SELECT sum(members)::bigint FROM roster.engagement_organizations"); n != 3 {
		t.Errorf("%d members count, and one owner is left in each of 3 organizations", n)
	}
	if n := pgtest.Scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
		t.Errorf("%d sums are wrong", n)
	}
}

func TestAMemberWhoWaitsForAnOrganizationDelaysNoOther(t *testing.T) {
	c, users := sharedMembers(t, 15)
	plain := pgtest.Connect(t, c.URL)
	pgtest.Execute(t, plain, "BEGIN", "SELECT FROM roster.engagement_organizations WHERE organization_id = '02000000-0000-0000-0000-000000000000' FOR UPDATE")
	remove := func(n int) {
		if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(10 + n).ID, At: testdb.Begin}); err != nil {
			t.Errorf("%d: %v", n, err)
		}
	}
	var waiting sync.WaitGroup
	for n := 0; n < 15; n += 3 { // more than the lane has slots
		waiting.Go(func() { remove(n) })
	}
	pgtest.LockWaits(t, c.URL, 5)
	for n := 1; n < 15; n += 3 {
		remove(n)
	}
	pgtest.Execute(t, plain, "COMMIT")
	waiting.Wait()
	if n := pgtest.Scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
		t.Errorf("%d sums are wrong", n)
	}
}
