package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

// These tests bound the work of statements by the rows that they read, not by time.

// rowsRead counts the rows and index entries of a transaction, read by statements and
// their triggers in tables whose names match a pattern.
func rowsRead(t *testing.T, tx pgx.Tx, tables string) int64 {
	t.Helper()
	var n int64
	err := tx.QueryRow(t.Context(), `SELECT coalesce(sum(
			pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)), 0)::bigint
		FROM pg_class c WHERE c.relnamespace = 'roster'::regnamespace AND c.relname ~ $1`, tables).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A crowd of 3,000 members, on a plan with seats, and 20 users who are none.
func manyMembers(t *testing.T) testdb.Crowd {
	t.Helper()
	c := testdb.NewCrowd(t, 1, 1)
	pgtest.Execute(t, c.Conn, "UPDATE roster.plans SET seats = 3010",
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'member' || n, 'member' || n || '@example.com', 'x', now(), now() FROM generate_series(1, 3019) n`,
		`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE u.username LIKE 'member%' AND substr(u.username, 7)::int < 3000`,
		"ANALYZE roster.users, roster.memberships, roster.engagement_members, roster.engagement_organizations")
	return c
}

func TestSeatsAreCountedWithoutReadingMembers(t *testing.T) {
	t.Parallel()
	c := manyMembers(t)
	eighth := pgtest.Scalar[string](t, c.Conn, "SELECT id::text FROM roster.users WHERE username = 'member8'")
	const named = ` = (SELECT u.id FROM roster.users u WHERE lower(u.username COLLATE "C") = '%s' AND u.deleted_at IS NULL)`
	for what, statement := range map[string]string{
		"a member joins": `INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE u.id` + fmt.Sprintf(named, "member3001"),
		"a role changes":         "UPDATE roster.memberships SET role = 'admin' WHERE user_id" + fmt.Sprintf(named, "member7"),
		"a plan has fewer seats": "UPDATE roster.plans SET seats = 3005",
		"another plan is taken": `WITH p AS (INSERT INTO roster.plans VALUES ('other', 'Other', 3004) RETURNING code)
			UPDATE roster.organizations SET plan = p.code FROM p`,
		"a member is restored": fmt.Sprintf("UPDATE roster.users SET deleted_at = NULL WHERE id = '%s'", eighth),
	} {
		pgtest.Execute(t, c.Conn, fmt.Sprintf("UPDATE roster.users SET deleted_at = now() WHERE id = '%s'", eighth))
		tx := pgtest.Begin(t, c.URL, statement)
		if n := rowsRead(t, tx, "^(memberships|users|engagement_members)"); n > 100 {
			t.Errorf("while %s, %d rows are read of 3,000 members", what, n)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// Many members may come with one statement, or come back.
func TestOneStatementCantExceedTheSeats(t *testing.T) {
	t.Parallel()
	c := manyMembers(t)
	const join = `INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
		WHERE u.username LIKE 'member%%' AND substr(u.username, 7)::int BETWEEN 3000 AND %d`
	for _, statement := range []string{fmt.Sprintf(join, 3010), "UPDATE roster.plans SET seats = 2999"} {
		if _, err := c.Conn.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s: there are more members than seats", statement)
		}
	}
	pgtest.Execute(t, c.Conn, fmt.Sprintf(join, 3005), "UPDATE roster.users SET deleted_at = now() WHERE username IN ('member1', 'member2')",
		"UPDATE roster.plans SET seats = 3005")
	if _, err := c.Conn.Exec(t.Context(), "UPDATE roster.users SET deleted_at = NULL"); err == nil {
		t.Error("two members came back to one seat")
	}
	pgtest.Execute(t, c.Conn, "UPDATE roster.users SET deleted_at = NULL WHERE username = 'member1'")
}

// An old transaction keeps the index entries of former parts from being removed.
func TestAPartOfAnErasureReadsNoMoreThanItChanges(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 2, 1)
	pgtest.Execute(t, c.Conn, monthsFrom("2024-01-15Z", 2), fmt.Sprintf(`INSERT INTO roster.events
			SELECT gen_random_uuid(), m.organization_id, m.user_id, 'login', '2024-01-01Z'::timestamptz + n * interval '20 minutes'
			FROM roster.memberships m, generate_series(1, 4000) n WHERE m.user_id = '%s'`, c.Owners[0].ID))
	pgtest.Begin(t, c.URL, "CREATE TABLE unfinished ()", "SELECT count(*) FROM roster.events")
	pgtest.Execute(t, c.Conn, fmt.Sprintf("DELETE FROM roster.users WHERE id = '%s'", c.Owners[0].ID))
	for parts := 0; pgtest.Scalar[bool](t, c.Conn, "SELECT finished_at IS NULL FROM roster.erasures"); parts++ {
		tx := pgtest.Begin(t, c.URL, "SELECT roster.erase_part(NULL, 100, 8)")
		if n := rowsRead(t, tx, "^events_"); n > 1200 || parts > 100 {
			t.Fatalf("part %d reads %d rows to change 100", parts, n)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(user_id) FROM roster.events"); n > 0 {
		t.Errorf("%d events are not unlinked", n)
	}
	wantRollups(t, c.Conn)
}

// Events of those who left, or were erased, may be newer than the last event of a
// member, and many.
func TestTheReportReadsFewEventsOfThoseWhoLeft(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 2, 1)
	pgtest.Execute(t, c.Conn, monthsFrom("2024-01-15Z", 5),
		fmt.Sprintf(`INSERT INTO roster.events SELECT gen_random_uuid(), m.organization_id, m.user_id, 'login',
			CASE WHEN m.user_id = '%s' THEN '2024-01-15Z' ELSE '2024-02-01Z'::timestamptz + n * interval '20 minutes' END
			FROM roster.memberships m, generate_series(1, 5000) n`, c.Owners[0].ID),
		fmt.Sprintf("DELETE FROM roster.memberships WHERE user_id = '%s'", c.Owners[1].ID),
		"VACUUM ANALYZE roster.events, roster.engagement_days",
		// PostgreSQL may keep what this connection has counted for a second or more.
		"SELECT pg_stat_force_next_flush()")
	const read = `SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname ~ '^events_'`
	before := pgtest.Scalar[int64](t, c.Conn, read)
	if lines := report(t, c.Events, years(), 10); len(lines) != 1 || !strings.HasSuffix(lines[0], " 1 1 5000 2024-01-15T00:00:00Z") {
		t.Errorf("the report is %q", lines)
	}
	c.Deadlocks(t) // the pool's connections report what they have counted
	if n := pgtest.Scalar[int64](t, c.Conn, read) - before; n > 1000 {
		t.Errorf("the report reads %d entries of indexes; 5,000 events are newer than a member's", n)
	}
}
