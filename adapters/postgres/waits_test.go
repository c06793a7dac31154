package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// waitCase is requests that wait for a lock which another's transaction holds, and
// requests of the same kind that need not.
type waitCase struct {
	name   string
	held   []string // statements that lock
	blocks func(t *testing.T, c testdb.Crowd, n int) error
	other  func(t *testing.T, c testdb.Crowd, n int) error
}

// uncommitted stores the n-th user of the sequence.
func uncommitted(n int) string {
	return fmt.Sprintf("INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at) "+
		"VALUES (gen_random_uuid(), 'user%d', 'other%d@example.com', 'X', now(), now())", n, n)
}

func lockUsers(from, to int) string {
	return fmt.Sprintf("SELECT FROM roster.users WHERE username IN (SELECT 'user' || n FROM generate_series(%d, %d) n) FOR UPDATE", from, to)
}

const lockOrganizations = "SELECT FROM roster.organizations WHERE slug = 'o0' FOR UPDATE"

func create(t *testing.T, c testdb.Crowd, n int) error {
	t.Helper()
	_, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(n)})
	return err
}

func replace(t *testing.T, c testdb.Crowd, of, by int) error {
	t.Helper()
	_, err := c.Users.ReplaceUser(t.Context(), replacement(of, by))
	return err
}

func patch(t *testing.T, c testdb.Crowd, n int) error {
	t.Helper()
	_, err := c.Users.PatchUser(t.Context(), ports.PatchUser{ID: testdb.User(n).ID, NoAttributes: true, At: testdb.Begin})
	return err
}

func remove(t *testing.T, c testdb.Crowd, n int) error {
	t.Helper()
	return c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(n).ID, At: testdb.Begin})
}

func join(t *testing.T, c testdb.Crowd, organization, n int) error {
	t.Helper()
	_, err := c.Memberships.AddMember(t.Context(), domain.Membership{
		Organization: c.Organizations[organization], User: testdb.User(n).ID, Role: domain.Member, JoinedAt: testdb.Begin,
	})
	return err
}

func add(t *testing.T, c testdb.Crowd, n, organization, owner int) error {
	t.Helper()
	_, err := addOne(t, c.Events, newEvent(t, n, c.Organizations[organization], c.Owners[owner].ID, testdb.Begin))
	return err
}

// waits are the kinds of waits. Users 100 to 139 exist, and blocks is called with 0 and
// up, other with 20 and up.
var waits = []waitCase{
	{
		"creations whose names are not committed yet",
		[]string{uncommitted(0 + 200), uncommitted(1 + 200), uncommitted(2 + 200)},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return create(t, c, 200+n%3) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return create(t, c, 200+n) },
	},
	{
		"replacements by such names",
		[]string{uncommitted(200)},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return replace(t, c, 100+n, 200) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return replace(t, c, 100+n, 200+n) },
	},
	{
		"replacements of locked users",
		[]string{lockUsers(100, 119)},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return replace(t, c, 100+n, 200+n) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return replace(t, c, 100+n, 200+n) },
	},
	{
		"patches of locked users",
		[]string{lockUsers(100, 119)},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return patch(t, c, 100+n) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return patch(t, c, 100+n) },
	},
	{
		"deletions of locked users",
		[]string{lockUsers(100, 119)},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return remove(t, c, 100+n) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return remove(t, c, 100+n) },
	},
	{
		"additions of members to a locked organization",
		[]string{lockOrganizations},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return join(t, c, 0, 100+n) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return join(t, c, 1, 100+n) },
	},
	{
		"events of an organization whose rollup is locked",
		[]string{lockRollup},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return add(t, c, n, 0, 0) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return add(t, c, n, 1, 1) },
	},
	{
		"events of a locked user",
		[]string{lockUsers(0, 0)},
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return add(t, c, n, 1, 0) },
		func(t *testing.T, c testdb.Crowd, n int) error { t.Helper(); return add(t, c, n, 1, 1) },
	},
}

// TestWhatWaitsForALockDelaysNoOther has more requests wait than batches run, and more
// than the class of those that wait has connections.
func TestWhatWaitsForALockDelaysNoOther(t *testing.T) {
	t.Parallel()
	for _, batching := range []bool{true, false} {
		for _, w := range waits {
			t.Run(fmt.Sprintf("%s, batching %t", w.name, batching), func(t *testing.T) {
				t.Parallel()
				w.run(t, batching)
			})
		}
	}
}

func (w waitCase) run(t *testing.T, batching bool) {
	t.Helper()
	const waiters, others = 12, 20
	url := testdb.URL(t)
	config := testdb.Config(url)
	config.NoBatching = !batching
	c := testdb.NewCrowdWith(t, testdb.Open(t, config), url, 2, 3)
	testdb.CreateUsers(t, c.Users, 100, 140)
	if err := postgres.NewPartitions(c.DB).Make(t.Context(), testdb.Begin, 0); err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c.Conn, "BEGIN")
	pgtest.Execute(t, c.Conn, w.held...)
	var waiting, rest sync.WaitGroup
	errs := make([]error, waiters)
	for n := range waiters {
		waiting.Go(func() { errs[n] = w.blocks(t, c, n) })
	}
	for n := range others {
		rest.Go(func() {
			if err := w.other(t, c, 20+n); err != nil {
				t.Errorf("another request, %d: %v", n, err)
			}
		})
	}
	rest.Wait() // though those that are concerned wait
	share := postgres.Share(c.DB, database.Waiting)
	waitForLocks(t, c.DB, url, share)
	pgtest.Eventually(t, "the others wait for their share", func() bool { return postgres.Queued(c.DB, database.Waiting) == waiters-share })
	pgtest.Execute(t, c.Conn, "ROLLBACK")
	waiting.Wait()
	refused := 0
	for _, err := range errs {
		if err != nil {
			wantTaken(t, err, true) // several wanted one name
			refused++
		}
	}
	if refused == waiters {
		t.Error("all that waited were refused")
	}
	wantRollups(t, c.Conn)
}

// slowDeletion makes the deletion of one user last without end.
const slowDeletion = `CREATE FUNCTION public.sleep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1e6); RETURN NEW; END';
	CREATE TRIGGER sleep BEFORE UPDATE ON roster.users FOR EACH ROW WHEN (OLD.username = 'user0') EXECUTE FUNCTION public.sleep()`

func TestAWriteThatTakesTooLongFailsNoOtherOfItsBatch(t *testing.T) {
	t.Parallel()
	d, users, conn := usersByMany(t, 30)
	pgtest.Execute(t, conn, slowDeletion)
	c := testdb.Crowd{DB: d, Users: users}
	release := postgres.Hold(t, d, database.Batched)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var slow, all sync.WaitGroup
	inTurn(t, d, &all, func() {
		if err := remove(t, c, 29); err != nil {
			t.Error(err)
		}
	})
	slow.Go(func() {
		if err := users.DeleteUser(ctx, ports.DeleteUser{ID: testdb.User(0).ID, At: testdb.Begin}); ctx.Err() == nil {
			t.Errorf("the slow deletion ended with %v", err)
		}
	})
	for n := range 28 {
		all.Go(func() {
			if err := remove(t, c, 1+n); err != nil {
				t.Error(err)
			}
		})
	}
	pgtest.Eventually(t, "all others are the next batch", func() bool { return postgres.WaitingWrites(users) == 29 })
	release()
	all.Wait()
	cancel()
	slow.Wait()
}
