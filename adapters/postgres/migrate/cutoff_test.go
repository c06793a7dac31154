package migrate_test

import (
	"testing"
	"time"
)

// A migration is one transaction: a run that is cut off leaves no part of it,
// and the next run applies the whole.
func TestAMigrationThatWasCutOffIsRunAgain(t *testing.T) {
	url := migrated(t)
	m, c := migrator(t, url), connect(t, url)
	whole := dump(t, url)
	const rules = "SELECT proname FROM pg_proc WHERE pronamespace = 'roster'::regnamespace AND proname = 'require_owner'"
	for len(list[string](t, c, rules)) > 0 {
		if _, err := m.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := dump(t, url)
	// The migration makes its functions, then waits with its triggers.
	execute(t, c, "BEGIN", "LOCK TABLE roster.memberships")
	cut := make(chan error, 1)
	go func() { _, err := m.Up(t.Context()); cut <- err }()
	const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'roster migrate' AND wait_event_type = 'Lock'`
	for len(list[bool](t, c, end)) == 0 {
		select {
		case err := <-cut:
			t.Fatalf("the migration did not wait: %v", err)
		case <-t.Context().Done():
			t.Fatal("the migration does not wait")
		case <-time.After(time.Millisecond):
		}
	}
	if err := <-cut; err == nil {
		t.Fatal("the run that was cut off has no error")
	}
	execute(t, c, "ROLLBACK")
	if left := dump(t, url); left != before {
		t.Errorf("the schema was\n%s\nand after the cut it is\n%s", before, left)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := dump(t, url); again != whole {
		t.Errorf("the schema was\n%s\nand is\n%s", whole, again)
	}
}
