package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func attributesPatch(t *testing.T, text string) *domain.AttributesPatch {
	t.Helper()
	patch, err := domain.ParseAttributesPatch([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &patch
}

func TestPatchesThatShareAStatementAreEachTheirOwn(t *testing.T) {
	users, url := together(t, 12)
	c := pgtest.Connect(t, url)
	large := func(name string) *domain.AttributesPatch {
		return attributesPatch(t, fmt.Sprintf(`{%q:%q}`, name, strings.Repeat("x", 9_000)))
	}
	patched := func(n int, change func(*ports.PatchUser)) (domain.User, error) {
		in := ports.PatchUser{ID: testdb.User(n).ID, At: testdb.Begin.Add(time.Hour)}
		change(&in)
		return users.PatchUser(t.Context(), in)
	}
	for n, change := range []func(*ports.PatchUser){
		func(in *ports.PatchUser) { in.Attributes = large("a") },
		func(in *ports.PatchUser) { in.Attributes = attributesPatch(t, `{"a":1,"b":{"c":2}}`) },
		func(in *ports.PatchUser) { in.ExternalID = domain.MustParse(domain.ParseExternalID("one")) },
	} {
		if _, err := patched(n, change); err != nil {
			t.Fatal(err)
		}
	}
	name := domain.MustParse(domain.ParseDisplayName("Ada Lovelace"))
	// What comes while the lane's slots wait is one batch.
	pgtest.Execute(t, c, "BEGIN", "LOCK TABLE roster.users IN SHARE MODE")
	var all sync.WaitGroup
	for _, p := range []struct {
		of     int
		change func(*ports.PatchUser)
		kind   domain.Kind
		want   string
	}{
		{0, func(in *ports.PatchUser) { in.Attributes = large("b") }, domain.Invalid, ""},
		{1, func(in *ports.PatchUser) { in.Attributes = attributesPatch(t, `{"a":null,"b":{"d":3}}`) }, "", `user1 user1@example.com user1  {"b":{"c":2,"d":3}} 3`},
		{2, func(in *ports.PatchUser) { in.NoExternalID = true }, "", `user2 user2@example.com user2  {} 3`},
		{3, func(in *ports.PatchUser) { in.DisplayName = name }, "", `user3 user3@example.com Ada Lovelace  {} 2`},
		{4, func(in *ports.PatchUser) { in.Email = testdb.User(5).Email }, domain.Conflict, ""},
		{6, func(in *ports.PatchUser) { in.IfMatch = 7 }, domain.Stale, ""},
		{99, func(in *ports.PatchUser) { in.DisplayName = name }, domain.NotFound, ""},
		{7, func(in *ports.PatchUser) { in.Username = testdb.User(70).Username }, "", `user70 user7@example.com user7  {} 2`},
		{8, func(in *ports.PatchUser) { in.NoAttributes, in.IfMatch = true, 1 }, "", `user8 user8@example.com user8  {} 2`},
		{9, func(in *ports.PatchUser) { in.ExternalID = domain.MustParse(domain.ParseExternalID("nine")) }, "", `user9 user9@example.com user9 nine {} 2`},
	} {
		all.Go(func() {
			got, err := patched(p.of, p.change)
			if p.want == "" {
				var fault *domain.Error
				if !errors.As(err, &fault) || fault.Kind != p.kind {
					t.Errorf("the patch of %d: %v, %v", p.of, got, err)
				}
				return
			}
			text := fmt.Sprintf("%s %s %s %s %s %d", got.Username, got.Email, got.DisplayName, got.ExternalID, got.Attributes, got.Version)
			if err != nil || text != p.want {
				t.Errorf("the patch of %d: %s, %v", p.of, text, err)
			}
		})
	}
	pgtest.LockWaits(t, url, 1)
	pgtest.Execute(t, c, "COMMIT")
	all.Wait()
	if got := pgtest.Scalar[int64](t, c, "SELECT sum(version) FROM roster.users"); got != 12+3+6 {
		t.Errorf("there are %d versions", got)
	}
}

// sharedEvents is a testdb.Crowd whose events all go by the statement for many.
func sharedEvents(t *testing.T) (testdb.Crowd, *postgres.Events) {
	t.Helper()
	c := testdb.NewCrowd(t, 2, 3)
	postgres.ManyForOne(c.DB)
	events := postgres.NewEvents(c.DB)
	if err := postgres.NewPartitions(c.DB).Make(t.Context(), testdb.Begin, 0); err != nil {
		t.Fatal(err)
	}
	return c, events
}

func TestEventsThatShareAStatementAreEachCallersOwn(t *testing.T) {
	c, events := sharedEvents(t)
	plain := pgtest.Connect(t, c.URL)
	// What comes while the lane's slots wait is one batch.
	pgtest.Execute(t, plain, "BEGIN", "LOCK TABLE roster.events IN SHARE MODE")
	var all sync.WaitGroup
	var first atomic.Int64
	const callers = 20
	for n := range callers {
		all.Go(func() {
			got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{
				newEvent(t, n, c.Organizations[n%3], c.Owners[n%2].ID, testdb.Begin),
				newEvent(t, 100, c.Organizations[0], c.Owners[0].ID, testdb.Begin),
				newEvent(t, 200+n, domain.OrganizationID{15: 99}, c.Owners[0].ID, testdb.Begin),
				newEvent(t, 300+n, c.Organizations[0], testdb.User(99).ID, testdb.Begin),
				newEvent(t, n, c.Organizations[n%3], c.Owners[n%2].ID, testdb.Begin),
			}})
			if err != nil || len(got) != 5 || got[0] != ports.Accepted || got[2] != ports.UnknownOrganization || got[3] != ports.UnknownUser || got[4] != ports.Duplicate {
				t.Errorf("%d: %v, %v", n, got, err)
				return
			}
			switch got[1] {
			case ports.Accepted:
				first.Add(1)
			case ports.Duplicate, ports.UnknownOrganization, ports.UnknownUser:
			}
		})
	}
	all.Go(func() {
		event := newEvent(t, 400, c.Organizations[0], c.Owners[0].ID, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
		if got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); !errors.Is(err, domain.Invalid) {
			t.Errorf("one of 1999: %v, %v", got, err)
		}
	})
	all.Go(func() {
		event := newEvent(t, 401, c.Organizations[1], c.Owners[1].ID, testdb.Begin.AddDate(0, 3, 0))
		if got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); err != nil || got[0] != ports.Accepted {
			t.Errorf("one of a month without a partition: %v, %v", got, err)
		}
	})
	pgtest.LockWaits(t, c.URL, 1)
	pgtest.Execute(t, plain, "COMMIT")
	all.Wait()
	if n := first.Load(); n != 1 {
		t.Errorf("%d have stored the event that all send", n)
	}
	if n := pgtest.Scalar[int64](t, plain, "SELECT count(*) FROM roster.events"); n != callers+2 {
		t.Errorf("%d events are stored", n)
	}
	if n := pgtest.Scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
		t.Errorf("%d sums are wrong", n)
	}
}

func TestEventsThatWaitForALockDelayNoOthers(t *testing.T) {
	for what, lock := range map[string]string{
		"an organization": "SELECT FROM roster.engagement_organizations WHERE organization_id = '02000000-0000-0000-0000-000000000000' FOR UPDATE",
		"a user":          "SELECT FROM roster.users WHERE username = 'user0' FOR UPDATE",
	} {
		t.Run(what, func(t *testing.T) {
			c, events := sharedEvents(t)
			plain := pgtest.Connect(t, c.URL)
			pgtest.Execute(t, plain, "BEGIN", lock)
			add := func(n, organization, owner int) {
				event := newEvent(t, n, c.Organizations[organization], c.Owners[owner].ID, testdb.Begin)
				if got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); err != nil || got[0] != ports.Accepted {
					t.Errorf("%d: %v, %v", n, got, err)
				}
			}
			var waiting sync.WaitGroup
			for n := range 5 { // more than the lane has slots
				waiting.Go(func() { add(n, 0, 0) })
			}
			pgtest.LockWaits(t, c.URL, 5)
			for n := range 4 {
				add(10+n, 1, 1)
			}
			pgtest.Execute(t, plain, "COMMIT")
			waiting.Wait()
			if n := pgtest.Scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
				t.Errorf("%d sums are wrong", n)
			}
		})
	}
}
