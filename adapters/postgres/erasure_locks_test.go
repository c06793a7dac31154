package postgres_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

// held counts the locks of a transaction, and those on partitions of events.
func held(t *testing.T, tx pgx.Tx) (all, onPartitions int64) {
	t.Helper()
	err := tx.QueryRow(t.Context(), `SELECT count(DISTINCT l.relation), count(DISTINCT i.inhrelid) FROM pg_locks l
		LEFT JOIN pg_inherits i ON i.inhrelid = l.relation AND i.inhparent = 'roster.events'::regclass
		WHERE l.pid = pg_backend_pid() AND l.relation IS NOT NULL`).Scan(&all, &onPartitions)
	if err != nil {
		t.Fatal(err)
	}
	return all, onPartitions
}

// A server has 64 locks a connection by default, in all. An erasure must not take
// some for each month that there is.
func TestErasuresLockFewPartitions(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 2, 1)
	pgtest.Execute(t, c.Conn, monthsFrom("2020-01-15Z", 40), `INSERT INTO roster.events
		SELECT gen_random_uuid(), m.organization_id, m.user_id, 'login', '2020-01-15Z'::timestamptz + n * interval '1 month'
		FROM roster.memberships m, generate_series(0, 39) n`)
	erase := pgtest.Begin(t, c.URL, fmt.Sprintf("DELETE FROM roster.users WHERE id = '%s'", c.Owners[0].ID))
	if all, onPartitions := held(t, erase); onPartitions > 0 || all > 100 {
		t.Errorf("the deletion of the user holds %d locks, %d of them on partitions", all, onPartitions)
	}
	if err := erase.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	part := pgtest.Begin(t, c.URL, "SELECT roster.erase_part(NULL, 1000, 8)")
	if all, onPartitions := held(t, part); onPartitions != 8 || all > 80 {
		t.Errorf("a part holds %d locks, on %d partitions; it should be on 8", all, onPartitions)
	}
}
