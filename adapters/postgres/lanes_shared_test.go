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
	c := connect(t, url)
	large := func(name string) *domain.AttributesPatch {
		return attributesPatch(t, fmt.Sprintf(`{%q:%q}`, name, strings.Repeat("x", 9_000)))
	}
	patched := func(n int, change func(*ports.PatchUser)) (domain.User, error) {
		in := ports.PatchUser{ID: newUser(t, n).ID, At: begin.Add(time.Hour)}
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
	execute(t, c, "BEGIN", "LOCK TABLE roster.users IN SHARE MODE")
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
		{4, func(in *ports.PatchUser) { in.Email = newUser(t, 5).Email }, domain.Conflict, ""},
		{6, func(in *ports.PatchUser) { in.IfMatch = 7 }, domain.Stale, ""},
		{99, func(in *ports.PatchUser) { in.DisplayName = name }, domain.NotFound, ""},
		{7, func(in *ports.PatchUser) { in.Username = newUser(t, 70).Username }, "", `user70 user7@example.com user7  {} 2`},
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
	lockWaits(t, url, 1)
	execute(t, c, "COMMIT")
	all.Wait()
	if got := scalar[int64](t, c, "SELECT sum(version) FROM roster.users"); got != 12+3+6 {
		t.Errorf("there are %d versions", got)
	}
}

// sharedEvents is a crowd whose events all go by the statement for many.
func sharedEvents(t *testing.T) (crowd, *postgres.Events) {
	t.Helper()
	c := newCrowd(t, 2, 3)
	postgres.AlwaysTogether(c.d)
	events := postgres.NewEvents(c.d)
	if err := events.MakePartitions(t.Context(), begin, 0); err != nil {
		t.Fatal(err)
	}
	return c, events
}

func TestEventsThatShareAStatementAreEachCallersOwn(t *testing.T) {
	c, events := sharedEvents(t)
	plain := connect(t, c.url)
	// What comes while the lane's slots wait is one batch.
	execute(t, plain, "BEGIN", "LOCK TABLE roster.events IN SHARE MODE")
	var all sync.WaitGroup
	var first atomic.Int64
	const callers = 20
	for n := range callers {
		all.Go(func() {
			got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{
				newEvent(t, n, c.organizations[n%3], c.owners[n%2].ID, begin),
				newEvent(t, 100, c.organizations[0], c.owners[0].ID, begin),
				newEvent(t, 200+n, domain.OrganizationID{15: 99}, c.owners[0].ID, begin),
				newEvent(t, 300+n, c.organizations[0], newUser(t, 99).ID, begin),
				newEvent(t, n, c.organizations[n%3], c.owners[n%2].ID, begin),
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
		event := newEvent(t, 400, c.organizations[0], c.owners[0].ID, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
		if got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); !errors.Is(err, domain.Invalid) {
			t.Errorf("one of 1999: %v, %v", got, err)
		}
	})
	all.Go(func() {
		event := newEvent(t, 401, c.organizations[1], c.owners[1].ID, begin.AddDate(0, 3, 0))
		if got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); err != nil || got[0] != ports.Accepted {
			t.Errorf("one of a month without a partition: %v, %v", got, err)
		}
	})
	lockWaits(t, c.url, 1)
	execute(t, plain, "COMMIT")
	all.Wait()
	if n := first.Load(); n != 1 {
		t.Errorf("%d have stored the event that all send", n)
	}
	if n := scalar[int64](t, plain, "SELECT count(*) FROM roster.events"); n != callers+2 {
		t.Errorf("%d events are stored", n)
	}
	if n := scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
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
			plain := connect(t, c.url)
			execute(t, plain, "BEGIN", lock)
			add := func(n, organization, owner int) {
				event := newEvent(t, n, c.organizations[organization], c.owners[owner].ID, begin)
				if got, err := events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}}); err != nil || got[0] != ports.Accepted {
					t.Errorf("%d: %v, %v", n, got, err)
				}
			}
			var waiting sync.WaitGroup
			for n := range 5 { // more than the lane has slots
				waiting.Go(func() { add(n, 0, 0) })
			}
			lockWaits(t, c.url, 5)
			for n := range 4 {
				add(10+n, 1, 1)
			}
			execute(t, plain, "COMMIT")
			waiting.Wait()
			if n := scalar[int64](t, plain, "SELECT count(*) FROM roster.rollup_check()"); n != 0 {
				t.Errorf("%d sums are wrong", n)
			}
		})
	}
}
