package postgres_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// crowdByMany is a crowd of a database that batches. It has users 10 to 9+members, too,
// each a member of one organization: user 10 of the first, user 11 of the second, and so
// on.
func crowdByMany(t *testing.T, members int) testdb.Crowd {
	t.Helper()
	url := testdb.URL(t)
	c := testdb.NewCrowdWith(t, testdb.Open(t, testdb.Batching(url)), url, 2, 3)
	for i, user := range testdb.CreateUsers(t, c.Users, 10, 10+members) {
		if _, err := c.Conn.Exec(t.Context(), "INSERT INTO roster.memberships VALUES ($1, $2, 'member', now())",
			c.Organizations[i%3].String(), user.ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestMembersAreDeletedInOneStatementAndLastOwnersAreNot(t *testing.T) {
	t.Parallel()
	const members = 24
	c := crowdByMany(t, members)
	release := postgres.Hold(t, c.DB, database.Batched)
	var all sync.WaitGroup
	remove := func(n int) {
		if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(10 + n).ID, At: testdb.Begin}); err != nil {
			t.Errorf("member %d: %v", n, err)
		}
	}
	// The requests that arrive while the first one waits are one batch.
	inTurn(t, c.DB, &all, func() { remove(0) })
	for n := range members - 1 {
		all.Go(func() { remove(1 + n) })
	}
	var kept atomic.Int64
	for _, owner := range c.Owners {
		all.Go(func() {
			if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: owner.ID, At: testdb.Begin}); errors.Is(err, domain.Conflict) {
				kept.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	pgtest.Eventually(t, "all but the first deletion wait", func() bool { return postgres.WaitingWrites(c.Users) == members+1 })
	release()
	all.Wait()
	if n := kept.Load(); n != 1 {
		t.Errorf("%d of two owners stay", n)
	}
	const transactions = "SELECT count(DISTINCT changed) FROM roster.users WHERE deleted_at IS NOT NULL"
	if n := pgtest.Scalar[int64](t, c.Conn, transactions); n > members/2 {
		t.Errorf("%d transactions deleted %d members", n, members)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT sum(members)::bigint FROM roster.engagement_organizations"); n != 3 {
		t.Errorf("%d members count, and one owner is left in each of 3 organizations", n)
	}
	wantRollups(t, c.Conn)
}
