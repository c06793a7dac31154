package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

// largeOrganization has 300 members beside its owner, and the others have none.
func largeOrganization(t *testing.T) (testdb.Crowd, domain.OrganizationID) {
	t.Helper()
	c := testdb.NewCrowd(t, 1, 2)
	pgtest.Execute(t, c.Conn,
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'member' || n, 'member' || n || '@example.com', 'x', now(), now() FROM generate_series(1, 300) n`,
		fmt.Sprintf("INSERT INTO roster.memberships SELECT '%s', u.id, 'member', now() FROM roster.users u WHERE u.username LIKE 'member%%'",
			c.Organizations[0]),
		"TRUNCATE roster.log")
	return c, c.Organizations[0]
}

func TestMembershipsOfALargeOrganizationAreRemovedInParts(t *testing.T) {
	t.Parallel()
	c, id := largeOrganization(t)
	left := func() int64 {
		return pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.memberships WHERE organization_id = $1", id)
	}
	organizations, erasures := postgres.NewOrganizations(c.DB), postgres.NewErasures(c.DB)
	parts := postgres.Parts{Rows: 50, Partitions: 2, AtOnce: 50}
	postgres.DeletionParts(organizations, parts)
	postgres.BackgroundParts(erasures, parts)
	got, err := organizations.DeleteOrganization(t.Context(), id, 0)
	if err != nil || got.Finished() || got.Rows["memberships"] != 50 || left() != 251 {
		t.Fatalf("the deletion is %+v, %v, and %d memberships are left", got, err, left())
	}
	hidden(t, c, id)
	for found, before := true, left(); found; before = left() {
		if found, err = erasures.Part(t.Context()); err != nil {
			t.Fatal(err)
		}
		if before-left() > parts.Rows {
			t.Errorf("a part removed %d memberships; %d are the most", before-left(), parts.Rows)
		}
		exact(t, c)
		wantRollups(t, c.Conn)
	}
	got, err = organizations.OrganizationErasure(t.Context(), id)
	want := map[string]int64{"organizations": 1, "memberships": 301, "engagement_members": 301}
	if err != nil || !got.Finished() || fmt.Sprint(got.Rows) != fmt.Sprint(want) {
		t.Errorf("in the end the deletion is %+v, %v; want %v", got, err, want)
	}
	logged := pgtest.Scalar[int64](t, c.Conn, `SELECT count(DISTINCT subject) FROM roster.log
		WHERE kind = 'membership.deleted' AND organization_id = $1`, id)
	if logged != 301 {
		t.Errorf("the log has the end of %d memberships; want 301", logged)
	}
}

// hidden checks that no read shows a deleted organization or its members.
func hidden(t *testing.T, c testdb.Crowd, id domain.OrganizationID) {
	t.Helper()
	size := domain.MustParse(domain.ParsePageSize(1000))
	page, err := c.Users.ListUsers(t.Context(), ports.ListUsers{
		Filter: ports.UserFilter{Organization: id}, Limit: size,
	})
	if err != nil || len(page.Items) > 0 {
		t.Errorf("%d members are listed, %v", len(page.Items), err)
	}
	memberships := postgres.NewMemberships(c.DB)
	for _, member := range pgtest.Column[[16]byte](t, c.Conn, "SELECT user_id FROM roster.memberships WHERE organization_id = $1", id)[:3] {
		if _, err := memberships.MembershipOf(t.Context(), id, member); !errors.Is(err, domain.NotFound) {
			t.Errorf("a membership is read: %v", err)
		}
		_, err := memberships.AddMember(t.Context(), domain.Membership{Organization: id, User: member, Role: domain.Member})
		if !errors.Is(err, domain.NotFound) {
			t.Errorf("a member is added: %v", err)
		}
	}
	if _, err := memberships.Members(t.Context(), ports.ListMembers{Organization: id, Limit: size}); !errors.Is(err, domain.NotFound) {
		t.Errorf("the members are listed: %v", err)
	}
	shown := 0
	counted := &portsmock.RecordWriterMock{WriteMembershipFunc: func(m domain.Membership) error {
		if m.Organization == id {
			shown++
		}
		return nil
	}}
	if err := postgres.NewBulk(c.DB).ExportKind(t.Context(), ports.MembershipRecords, counted); err != nil || shown > 0 {
		t.Errorf("the export shows %d memberships, %v", shown, err)
	}
}

// The members can be deleted, restored and erased meanwhile. Nothing is rolled up for the
// organization, or their number would hold back the leavers of others.
func TestMembersOfADeletedOrganizationCanBeDeleted(t *testing.T) {
	t.Parallel()
	c, id := largeOrganization(t)
	organizations := postgres.NewOrganizations(c.DB)
	postgres.DeletionParts(organizations, postgres.Parts{Rows: 1, Partitions: 1, AtOnce: 1})
	if _, err := organizations.DeleteOrganization(t.Context(), id, 0); err != nil {
		t.Fatal(err)
	}
	members := pgtest.Column[[16]byte](t, c.Conn, "SELECT user_id FROM roster.memberships WHERE organization_id = $1 AND role = 'member'", id)
	for i, member := range members[:60] {
		if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: member, At: testdb.Begin}); err != nil {
			t.Fatal(err)
		}
		switch i % 3 {
		case 0:
			if _, err := c.Users.RestoreUser(t.Context(), ports.RestoreUser{ID: member, At: testdb.Begin}); err != nil {
				t.Fatal(err)
			}
		case 1:
			if _, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: member}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.engagement_leavers"); n > 0 {
		t.Errorf("there are %d leavers of an organization without a rollup", n)
	}
	wantRollups(t, c.Conn)
}

// A batch that deletes users passes over none for a rollup that does not exist.
func TestABatchDeletesMembersOfADeletedOrganization(t *testing.T) {
	t.Parallel()
	c, id := largeOrganization(t)
	pgtest.Execute(t, c.Conn, fmt.Sprintf("DELETE FROM roster.organizations WHERE id = '%s'", id))
	members := pgtest.Column[[16]byte](t, c.Conn, "SELECT user_id FROM roster.memberships WHERE organization_id = $1 AND role = 'member'", id)
	if n := postgres.DeletedTogether(t, c.DB, members[:50]); n != 50 {
		t.Errorf("a batch deleted %d of 50 users", n)
	}
}

// Entries of later parts name the caller that deleted the organization.
func TestTheLogNamesWhoDeletedAnOrganization(t *testing.T) {
	t.Parallel()
	c, id := largeOrganization(t)
	pgtest.Execute(t, c.Conn, `SELECT set_config('roster.origins', '{"": ["an admin", "r1"]}', false)`,
		fmt.Sprintf("DELETE FROM roster.organizations WHERE id = '%s'", id))
	erasures := postgres.NewErasures(c.DB)
	for found := true; found; {
		var err error
		if found, err = erasures.Part(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	named := pgtest.Scalar[int64](t, c.Conn, `SELECT count(*) FROM roster.log
		WHERE kind = 'membership.deleted' AND actor = 'an admin' AND request = 'r1'`)
	if named != 301 {
		t.Errorf("%d entries name the caller; want 301", named)
	}
}

// A membership needs its organization, also in SQL by hand, and also where that is deleted
// while the writer waits.
func TestAMembershipNeedsItsOrganization(t *testing.T) {
	t.Parallel()
	c, id := largeOrganization(t)
	insert := fmt.Sprintf("INSERT INTO roster.memberships SELECT '%s', id, 'member', now() FROM roster.users WHERE username = 'late'", id)
	pgtest.Execute(t, c.Conn, `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		VALUES (gen_random_uuid(), 'late', 'late@example.com', 'x', now(), now())`)
	tx := pgtest.Begin(t, c.URL, fmt.Sprintf("DELETE FROM roster.organizations WHERE id = '%s'", id))
	other := pgtest.Connect(t, c.URL)
	done := make(chan error, 1)
	go func() {
		_, err := other.Exec(context.WithoutCancel(t.Context()), insert)
		done <- err
	}()
	pgtest.LockWaits(t, c.URL, 1)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("a membership was added to an organization that was deleted meanwhile")
	}
	move := fmt.Sprintf("UPDATE roster.memberships SET organization_id = '%[1]s' WHERE organization_id <> '%[1]s'", id)
	if _, err := c.Conn.Exec(t.Context(), move); err == nil {
		t.Error("a membership was moved to an organization that does not exist")
	}
}
