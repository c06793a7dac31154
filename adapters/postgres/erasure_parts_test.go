package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// tiny are parts of which a few thousand events need many.
var tiny = postgres.Parts{Rows: 100, Partitions: 2, AtOnce: 250}

// busyUser is a crowd whose first owner has 2,400 events of its organizations in
// three months, and of an organization that it left; all others have 600.
func busyUser(t *testing.T) (testdb.Crowd, domain.UserID) {
	t.Helper()
	c := testdb.NewCrowd(t, 3, 2)
	pgtest.Execute(t, c.Conn,
		"INSERT INTO roster.organizations VALUES (gen_random_uuid(), 'Left', 'left', 'free', now())",
		monthsFrom("2024-01-15Z", 5),
		fmt.Sprintf(`INSERT INTO roster.events SELECT gen_random_uuid(), o.id, u.id, 'login',
			'2024-01-31 12:00Z'::timestamptz + n %% 60 * interval '25 hours' + n * interval '1 second'
			FROM roster.organizations o, roster.users u, generate_series(1, 800) n WHERE u.id = '%s' OR n <= 100`, c.Owners[0].ID))
	return c, c.Owners[0].ID
}

// monthsFrom makes the partitions of so many months.
func monthsFrom(first string, n int) string {
	return fmt.Sprintf(`SELECT roster.ensure_event_partitions(ARRAY(
		SELECT '%s'::timestamptz + n * interval '1 month' FROM generate_series(0, %d) n))`, first, n-1)
}

// years is the window of all events, and march ends within a day that has some.
func years() domain.Window {
	return domain.MustParse(domain.ParseWindow(testdb.Begin.AddDate(-1, 0, 0), testdb.Begin.AddDate(1, 0, 0)))
}

func march() domain.Window {
	return domain.MustParse(domain.ParseWindow(testdb.Begin.Add(7*time.Hour), testdb.Begin.AddDate(0, 0, 20).Add(9*time.Hour)))
}

// isGone checks that no read shows a user, though its events may still be stored.
func isGone(t *testing.T, c testdb.Crowd, id domain.UserID) {
	t.Helper()
	if _, err := c.Users.AnyUserByID(t.Context(), id); !errors.Is(err, domain.NotFound) {
		t.Errorf("the erased user is read: %v", err)
	}
	exact(t, c)
	if shown := exportedEventsOf(t, c.DB, id); shown > 0 {
		t.Errorf("the export shows %d events of the erased user", shown)
	}
}

// sameReport compares a report with plainReport.
func sameReport(t *testing.T, c testdb.Crowd, window domain.Window) {
	t.Helper()
	if got, want := report(t, c.Events, window, 100), plain(t, c.Conn, window, 100); !slices.Equal(got, want) {
		t.Errorf("the report is\n%s\nand should be\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// exportedEventsOf counts the events of a user in an export.
func exportedEventsOf(t *testing.T, d *postgres.Database, id domain.UserID) int {
	t.Helper()
	counted := &eventCounter{user: id}
	if err := postgres.NewBulk(d).ExportKind(t.Context(), ports.EventRecords, counted); err != nil {
		t.Fatal(err)
	}
	return counted.n
}

type eventCounter struct {
	ports.RecordWriter
	user domain.UserID
	n    int
}

func (c *eventCounter) WriteEvent(e domain.Event) error {
	if e.User == c.user {
		c.n++
	}
	return nil
}

func TestALargeErasureIsDoneInPartsAndResumes(t *testing.T) {
	t.Parallel()
	c, id := busyUser(t)
	postgres.ErasureParts(c.Users, tiny)
	got, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: id})
	if err != nil || got.Finished() || got.Rows["events"] < 250 || got.Rows["events"] > 350 || got.Rows["memberships"] != 2 {
		t.Fatalf("the erasure is %+v, %v", got, err)
	}
	isGone(t, c, id)
	parts := 0
	for ; parts < 100; parts++ {
		crashMidway(t, c.URL)
		erasures := postgres.NewErasures(testdb.Open(t, testdb.Config(c.URL))) // another program
		postgres.BackgroundParts(erasures, tiny)
		found, err := erasures.Part(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		before := got.Rows["events"]
		if got, err = c.Users.UserErasure(t.Context(), id); err != nil || got.Rows["events"]-before > tiny.Rows {
			t.Fatalf("after %d events a part leads to %+v, %v", before, got, err)
		}
		isGone(t, c, id)
	}
	if !got.Finished() || got.Rows["events"] != 2400 || parts < 20 {
		t.Errorf("after %d parts the erasure is %+v", parts, got)
	}
	for query, want := range map[string]int64{
		"SELECT count(*) FROM roster.events":                                  3000,
		"SELECT count(*) FROM roster.events WHERE user_id IS NULL":            2400,
		"SELECT count(*) FROM roster.engagement_leavers":                      0,
		"SELECT coalesce(sum(events), 0)::bigint FROM roster.engagement_days": 400,
	} {
		if n := pgtest.Scalar[int64](t, c.Conn, query); n != want {
			t.Errorf("%s: %d; want %d", query, n, want)
		}
	}
}

// crashMidway does a part whose transaction never commits.
func crashMidway(t *testing.T, url string) {
	t.Helper()
	if err := pgtest.Begin(t, url, "SELECT roster.erase_part(NULL, 100, 2)").Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheIdOfAnUnfinishedErasureCantBeUsed(t *testing.T) {
	t.Parallel()
	c, id := busyUser(t)
	postgres.ErasureParts(c.Users, tiny)
	user := testdb.User(99)
	user.ID = id
	if _, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: id}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: user})
	var fault *domain.Error
	if !errors.As(err, &fault) || fault.Kind != domain.Conflict || fault.Reason != domain.ReasonTaken || fault.Field != "id" {
		t.Errorf("a user with the id: %v", err)
	}
	for found := true; found; {
		if found, err = postgres.NewErasures(c.DB).Part(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Errorf("a user with the id of a finished erasure: %v", err)
	}
}

func TestALargeOrganizationIsDeletedInParts(t *testing.T) {
	t.Parallel()
	c, _ := busyUser(t)
	organizations, id := postgres.NewOrganizations(c.DB), c.Organizations[0]
	postgres.DeletionParts(organizations, tiny)
	got, err := organizations.DeleteOrganization(t.Context(), id, 0)
	if err != nil || got.Finished() {
		t.Fatalf("the deletion is %+v, %v", got, err)
	}
	erasures := postgres.NewErasures(c.DB)
	postgres.BackgroundParts(erasures, tiny)
	for found := true; found; {
		sameReport(t, c, years())
		wantRollups(t, c.Conn)
		if n := exportedEventsOf(t, c.DB, c.Owners[1].ID); n != 200 {
			t.Errorf("the export shows %d events of the other organizations; want 200", n)
		}
		if found, err = erasures.Part(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got, err = organizations.OrganizationErasure(t.Context(), id)
	if err != nil || !got.Finished() || got.Rows["events"] != 1000 || got.Rows["memberships"] != 3 {
		t.Errorf("in the end the deletion is %+v, %v", got, err)
	}
	for _, table := range []string{"events", "memberships", "engagement_days", "engagement_members", "engagement_organizations"} {
		query := fmt.Sprintf("SELECT count(*) FROM roster.%s WHERE organization_id = '%s'", table, id)
		if n := pgtest.Scalar[int64](t, c.Conn, query); n > 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// A part holds its erasure until it ends. Others pass over it and don't wait.
func TestProgramsDoPartsOfDifferentErasures(t *testing.T) {
	t.Parallel()
	c, _ := busyUser(t)
	postgres.ErasureParts(c.Users, tiny)
	for _, owner := range c.Owners[:2] {
		pgtest.Execute(t, c.Conn, fmt.Sprintf("UPDATE roster.memberships SET role = 'member' WHERE user_id = '%s'", owner.ID),
			fmt.Sprintf("DELETE FROM roster.users WHERE id = '%s'", owner.ID))
	}
	erasures := postgres.NewErasures(c.DB)
	postgres.BackgroundParts(erasures, postgres.Parts{Rows: 5000, Partitions: 100})
	other := pgtest.Begin(t, c.URL, "SELECT FROM roster.erasures ORDER BY id LIMIT 1 FOR UPDATE")
	for _, want := range []bool{true, false} {
		if found, err := erasures.Part(t.Context()); err != nil || found != want {
			t.Errorf("while another program does a part, one is found: %v, %v; want %v", found, err, want)
		}
	}
	if err := other.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := erasures.Part(t.Context()); err != nil || !found {
		t.Errorf("after the other program's part, none is found: %v", err)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.erasures WHERE finished_at IS NULL"); n != 0 {
		t.Errorf("%d erasures are not finished", n)
	}
	wantRollups(t, c.Conn)
}
