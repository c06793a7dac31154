package migrate_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// A migration is one transaction. A run that is interrupted leaves no part of it, and
// the next run applies all of it.
func TestAMigrationThatWasInterruptedIsAppliedAgain(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	m, c := migrator(t, url), pgtest.Connect(t, url)
	whole := dump(t, url)
	const rules = "SELECT proname FROM pg_proc WHERE pronamespace = 'roster'::regnamespace AND proname = 'require_owner'"
	for len(pgtest.Column[string](t, c, rules)) > 0 {
		if _, err := m.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := dump(t, url)
	// The migration makes its functions, then waits with its triggers.
	pgtest.Execute(t, c, "BEGIN", "LOCK TABLE roster.memberships")
	ended := make(chan error, 1)
	go func() { _, err := m.Up(t.Context()); ended <- err }()
	const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'roster migrate' AND wait_event_type = 'Lock'`
	pgtest.Eventually(t, "the end of a migration that waits", func() bool {
		select {
		case err := <-ended:
			t.Fatalf("the migration did not wait: %v", err)
		default:
		}
		return len(pgtest.Column[bool](t, c, end)) > 0
	})
	if err := <-ended; err == nil {
		t.Fatal("the run that was interrupted has no error")
	}
	pgtest.Execute(t, c, "ROLLBACK")
	if left := dump(t, url); left != before {
		t.Errorf("the schema was\n%s\nand after the interruption it is\n%s", before, left)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := dump(t, url); again != whole {
		t.Errorf("the schema was\n%s\nand is\n%s", whole, again)
	}
}
