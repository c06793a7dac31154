package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// lost reports whether the store refuses a position as one of lost changes.
func lost(t *testing.T, users *postgres.Users, after ports.ChangePosition) bool {
	t.Helper()
	_, err := users.ListChanges(t.Context(), ports.ListChanges{After: &after, Limit: domain.DefaultListSize})
	var fault *domain.Error
	if errors.As(err, &fault) && fault.Kind == domain.Gone && fault.Reason == domain.ReasonLost && fault.Field == "cursor" {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	return false
}

// onOtherTimeline makes the last recorded timeline another one than that of the server,
// as it is after a failover, and opens a session that has not written yet.
func onOtherTimeline(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c := pgtest.Connect(t, url)
	pgtest.Execute(t, c, "UPDATE roster.timelines SET timeline = 'before-' || number")
	return c
}

func TestAPositionOfALaterMomentIsRefused(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, insertNamed("ada"))
	r := &reader{T: t, users: users}
	r.remaining(10, 1)
	for what, after := range map[string]ports.ChangePosition{
		"it has seen a change that is not there": {Change: r.after.Seen + 1, Timeline: r.after.Timeline, Seen: r.after.Seen + 1},
		"its timeline is not known":              {Change: r.after.Change, Timeline: [16]byte{1}},
		"it is of before timelines, and ahead":   {Change: r.after.Change + 1_000_000}, // more transactions than all tests make
	} {
		if !lost(t, users, after) {
			t.Errorf("%s: %+v is taken", what, after)
		}
	}
	if lost(t, users, *r.after) {
		t.Error("the last position that was handed out is refused")
	}
}

func TestAfterAFailoverReadersOfLostChangesAreRefusedAndOthersGoOn(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	url := c.Config().ConnString()
	pgtest.Execute(t, c, insertNamed("ada"), insertNamed("ben"),
		"DELETE FROM roster.timelines WHERE number = 1") // that of the template of the database
	r := &reader{T: t, users: users}
	r.remaining(1, 2)
	// The server that failed gave more numbers to transactions than its successor has
	// seen. This one has seen the last change of its reader, and that one has not.
	ahead, gone := *r.after, *r.after
	ahead.Change += 1_000_000
	gone.Change += 3
	gone.Seen += 3
	old := ports.ChangePosition{Change: r.after.Seen, ID: r.after.ID}
	oldGone := ports.ChangePosition{Change: r.after.Seen + 3, ID: r.after.ID}

	other := onOtherTimeline(t, url)
	if !lost(t, users, gone) {
		t.Error("before the first write, a reader of lost changes goes on")
	}
	// Other transactions take the numbers of the lost ones.
	for range 10 {
		pgtest.Execute(t, other, "SELECT pg_current_xact_id()")
	}
	if !lost(t, users, gone) {
		t.Error("before the first write of users, a reader of lost changes goes on")
	}
	pgtest.Execute(t, other, insertNamed("eve"))
	for _, position := range []ports.ChangePosition{gone, oldGone} {
		if !lost(t, users, position) {
			t.Errorf("%+v is taken", position)
		}
	}
	for _, position := range []ports.ChangePosition{*r.after, ahead, old} {
		r.after = &position
		if got := r.remaining(1, 1); !slices.Equal(got, []string{"eve"}) {
			t.Errorf("after %+v the changes are %v", position, got)
		}
		if r.after.Timeline == position.Timeline {
			t.Error("the position still names the old timeline")
		}
	}
}

// Writers do not wait for the first one, and all record the same last change.
func TestATimelineIsRecordedByWritersThatOverlap(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	url := c.Config().ConnString()
	pgtest.Execute(t, c, insertNamed("ada"))
	r := &reader{T: t, users: users}
	r.remaining(1, 1)
	before := *r.after
	onOtherTimeline(t, url)
	first := pgtest.Begin(t, url, insertNamed("first"))
	second := pgtest.Begin(t, url, insertNamed("second"))
	if err := second.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := first.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.remaining(1, 2); !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("the changes are %v", got)
	}
	if got := pgtest.Scalar[int](t, c, "SELECT count(DISTINCT (origin, timeline, inherited)) FROM roster.timelines"+
		" WHERE timeline NOT LIKE 'before-%'"); got != 1 {
		t.Errorf("%d timelines are recorded", got)
	}
	for _, after := range []ports.ChangePosition{before, *r.after} {
		if lost(t, users, after) {
			t.Errorf("%+v is refused", after)
		}
	}
}

// A database from a dump of this one, on any server, numbers its changes apart.
func TestAPositionOfAnotherDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, insertNamed("ada"))
	r := &reader{T: t, users: users}
	r.remaining(1, 1)
	pgtest.Execute(t, c, "UPDATE roster.timelines SET origin = 'another/server/' || number")
	pgtest.Execute(t, pgtest.Connect(t, c.Config().ConnString()), insertNamed("ben"))
	if !lost(t, users, *r.after) {
		t.Error("it is taken")
	}
}

func TestATimelineIsRecordedOnceASession(t *testing.T) {
	t.Parallel()
	_, c := testdb.NewUsers(t)
	const timelines = "SELECT count(*) FROM roster.timelines"
	count := func() int { return pgtest.Scalar[int](t, c, timelines) }
	pgtest.Execute(t, c, insertNamed("ada"))
	first := count()
	for n := range 3 {
		pgtest.Execute(t, pgtest.Connect(t, c.Config().ConnString()), insertNamed(fmt.Sprintf("user%d", n)),
			"UPDATE roster.users SET display_name = 'y'", "DELETE FROM roster.users WHERE username = 'ada'")
	}
	if got := count(); got != first {
		t.Errorf("%d more timelines are recorded", got-first)
	}
	pgtest.Execute(t, c, "UPDATE roster.timelines SET timeline = 'before'")
	pgtest.Execute(t, c, "BEGIN", "SELECT set_config('roster.timeline', NULL, false)", insertNamed("undone"), "ROLLBACK")
	pgtest.Execute(t, c, "RESET roster.timeline", insertNamed("eve"))
	if got := count(); got != first+1 {
		t.Errorf("after a write that was rolled back, %d timelines are recorded, not %d", got, first+1)
	}
}
