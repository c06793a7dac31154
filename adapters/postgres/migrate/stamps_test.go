package migrate_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestUpStampsUsersOfARestoredDumpAgain(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	conn := pgtest.Connect(t, url)
	pgtest.Execute(t, conn,
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'user' || n, 'user' || n || '@example.com', 'User', now(), now() FROM generate_series(1, 3) n`,
		"DELETE FROM roster.users WHERE username = 'user3'",
		// A dump of a server with more transactions holds such numbers.
		"ALTER TABLE roster.users DISABLE TRIGGER stamp_changed_before_update",
		"UPDATE roster.users SET changed = '1000000000000' WHERE username = 'user1'",
		"UPDATE roster.user_tombstones SET changed = '1000000000001'",
		"ALTER TABLE roster.users ENABLE TRIGGER stamp_changed_before_update",
		"UPDATE roster.log SET xid = '1000000000002' WHERE kind = 'user.erased'",
		"INSERT INTO roster.log_dropped VALUES ('log_2000_01', '1000000000003')")
	const ahead = `SELECT changed::text FROM roster.users WHERE changed >= pg_snapshot_xmax(pg_current_snapshot())
		UNION ALL SELECT changed::text FROM roster.user_tombstones WHERE changed >= pg_snapshot_xmax(pg_current_snapshot())
		UNION ALL SELECT xid::text FROM roster.log WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())
		UNION ALL SELECT xid::text FROM roster.log_dropped WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())`
	if got := pgtest.Column[string](t, conn, ahead); len(got) != 4 {
		t.Fatalf("the rows of future transactions are %v; there should be four", got)
	}
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	if got := pgtest.Column[string](t, conn, ahead); len(got) != 0 {
		t.Errorf("after Up there are still %v", got)
	}
	const entries = "SELECT string_agg(kind, ' ' ORDER BY xid, number) FROM roster.log"
	if got := pgtest.Scalar[string](t, conn, entries); got != "user.created user.created user.created user.erased" {
		t.Errorf("the log has another order: %s", got)
	}
	const stamps = "SELECT changed::text FROM roster.users ORDER BY id"
	before := pgtest.Column[string](t, conn, stamps)
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	for i, got := range pgtest.Column[string](t, conn, stamps) {
		if got != before[i] {
			t.Errorf("another Up has changed the stamp %s to %s", before[i], got)
		}
	}
}
