package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// leavers counts the members whose events the rollups still have.
func leavers(t *testing.T, c testdb.Crowd) int64 {
	t.Helper()
	return pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.engagement_leavers")
}

// rolledUp counts the events that the rollups have.
func rolledUp(t *testing.T, c testdb.Crowd) int64 {
	t.Helper()
	return pgtest.Scalar[int64](t, c.Conn, "SELECT coalesce(sum(events), 0)::bigint FROM roster.engagement_days")
}

// ordinaryMember is an organization of three, where one owns nothing and has 30
// events.
func ordinaryMember(t *testing.T) (testdb.Crowd, domain.UserID) {
	t.Helper()
	c := testdb.NewCrowd(t, 3, 1)
	id := c.Owners[0].ID
	pgtest.Execute(t, c.Conn, monthsFrom("2024-03-15Z", 1),
		fmt.Sprintf("UPDATE roster.memberships SET role = 'member' WHERE user_id = '%s'", id),
		fmt.Sprintf(`INSERT INTO roster.events SELECT gen_random_uuid(), m.organization_id, m.user_id, 'login',
			'2024-03-01 12:00Z'::timestamptz + n * interval '10 hours'
			FROM roster.memberships m, generate_series(1, 30) n WHERE m.user_id = '%s'`, id))
	return c, id
}

// exact fails the test unless reports and rollups are those of the events.
func exact(t *testing.T, c testdb.Crowd) {
	t.Helper()
	wantRollups(t, c.Conn)
	for _, window := range []domain.Window{years(), march()} {
		sameReport(t, c, window)
	}
}

func TestADeletedMemberLeavesTheRollupsLater(t *testing.T) {
	t.Parallel()
	c, id := ordinaryMember(t)
	before := rolledUp(t, c)
	if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: id, At: testdb.Begin}); err != nil {
		t.Fatal(err)
	}
	exact(t, c)
	if n := leavers(t, c); n != 1 || rolledUp(t, c) != before {
		t.Errorf("%d leavers, and rollups of %d events; want 1 and %d", n, rolledUp(t, c), before)
	}
	// A late event of the deleted user is one more to subtract.
	pgtest.Execute(t, c.Conn, fmt.Sprintf(`INSERT INTO roster.events
		SELECT gen_random_uuid(), organization_id, user_id, 'late', '2024-03-02Z' FROM roster.memberships WHERE user_id = '%s'`, id))
	exact(t, c)
	for _, want := range []bool{true, false} {
		if found, err := postgres.NewRollups(c.DB).Fold(t.Context()); err != nil || found != want {
			t.Fatalf("folding found leavers: %t, %v; want %t", found, err, want)
		}
	}
	exact(t, c)
	if n := leavers(t, c); n != 0 || rolledUp(t, c) != before-30 {
		t.Errorf("folded, %d leavers, and rollups of %d events; want 0 and %d", n, rolledUp(t, c), before-30)
	}
}

func TestARestoredMemberComesBackAsItWas(t *testing.T) {
	t.Parallel()
	c, id := ordinaryMember(t)
	ordinal := fmt.Sprintf("SELECT ordinal FROM roster.engagement_members WHERE user_id = '%s'", id)
	want := pgtest.Scalar[int32](t, c.Conn, ordinal)
	pgtest.Execute(t, c.Conn, fmt.Sprintf("UPDATE roster.users SET deleted_at = now() WHERE id = '%s'", id),
		fmt.Sprintf("UPDATE roster.users SET deleted_at = NULL WHERE id = '%s'", id))
	exact(t, c)
	if got := pgtest.Scalar[int32](t, c.Conn, ordinal); got != want || leavers(t, c) != 0 {
		t.Errorf("the ordinal is %d, with %d leavers; want %d and none", got, leavers(t, c), want)
	}
}

// A leaver that comes back takes a seat again, as a new member does.
func TestARestoredMemberNeedsASeat(t *testing.T) {
	t.Parallel()
	c, id := ordinaryMember(t)
	pgtest.Execute(t, c.Conn, fmt.Sprintf("UPDATE roster.users SET deleted_at = now() WHERE id = '%s'", id),
		"INSERT INTO roster.plans SELECT 'tight', 'Tight', members FROM roster.engagement_organizations",
		"UPDATE roster.organizations SET plan = 'tight'")
	_, err := c.Conn.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL WHERE id = $1", [16]byte(id))
	if err == nil {
		t.Error("a member was restored without a free seat")
	}
	exact(t, c)
}

// Reports subtract the events of leavers, so a delete takes them out itself when
// there are many.
func TestTheNumberOfLeaversIsBounded(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	pgtest.Execute(t, c.Conn, `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'many' || n, 'many' || n || '@example.com', 'Many', now(), now() FROM generate_series(1, 600) n`,
		`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE u.username LIKE 'many%'`,
		"UPDATE roster.users SET deleted_at = now() WHERE username LIKE 'many%' AND substr(username, 5)::int <= 512",
		"UPDATE roster.users SET deleted_at = now() WHERE username LIKE 'many%' AND deleted_at IS NULL")
	if n := leavers(t, c); n != 512 {
		t.Errorf("%d leavers; want 512", n)
	}
	exact(t, c)
}

func TestLeaversAreFoldedInTheBackground(t *testing.T) {
	t.Parallel()
	c, id := ordinaryMember(t)
	pgtest.Execute(t, c.Conn, fmt.Sprintf("UPDATE roster.users SET deleted_at = now() WHERE id = '%s'", id))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		postgres.NewRollups(c.DB).Run(ctx, func(err error) { t.Error(err) })
	}()
	pgtest.Eventually(t, "the fold", func() bool { return leavers(t, c) == 0 })
	cancel()
	<-ended
}

// The planner takes a month with the events of one user for one in which every user has as
// many.
func TestLeaversAreFoldedWithoutReadingTheEventsOfOthers(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	pgtest.Execute(t, c.Conn, monthsFrom("2024-01-15Z", 1),
		`INSERT INTO roster.events SELECT gen_random_uuid(), o.id, u.id, 'login', '2024-01-01 12:00Z'::timestamptz + n * interval '1 second'
			FROM roster.organizations o, roster.users u, generate_series(1, 5000) n`,
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'member' || n, 'member' || n || '@example.com', 'x', now(), now() FROM generate_series(1, 20) n`,
		`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE u.username LIKE 'member%'`,
		"UPDATE roster.users SET deleted_at = now() WHERE username LIKE 'member%'", "ANALYZE")
	tx := pgtest.Begin(t, c.URL, "SELECT roster.rollup_fold_leavers(128)")
	if n := rowsRead(t, tx, "^events"); n > 100 {
		t.Errorf("to fold 20 leavers without events, %d rows of events are read", n)
	}
}
