package porttest

import (
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// affiliationsWithin are cases of a bound caller that asks for a user's organizations.
func affiliationsWithin() []testCase {
	return []testCase{{"a bound caller sees of a member's organizations its own, and no organization of others", func(f *fixture) {
		t := f.tenants()
		list := func(user domain.UserID, after *domain.OrganizationPosition) (ports.Page[domain.Affiliation], error) {
			return f.Memberships.OrganizationsOf(f.Context(), ports.ListAffiliations{
				User: user, Within: t.home, After: after, Limit: domain.DefaultListSize,
			})
		}
		for _, user := range []domain.User{t.inside, t.both} {
			page := must[ports.Page[domain.Affiliation]](f)(list(user.ID, nil))
			if len(page.Items) != 1 || page.Items[0].Organization.ID != t.home || page.More {
				f.Fatalf("the organizations of %s are %+v", user.Username, page)
			}
			own := page.Items[0].Organization
			page = must[ports.Page[domain.Affiliation]](f)(list(user.ID, &domain.OrganizationPosition{Key: own.Name.String(), ID: own.ID}))
			sameList(f, "organizations after the own", page.Items, nil)
		}
		for _, user := range f.hidden(t) {
			_, err := list(user.ID, nil)
			f.absent(err)
			same(f, "the error", err.Error(), domain.Absent("user", user.ID).Error())
		}
	}}}
}

// eventsWithin are cases of bound callers that add events.
func eventsWithin() []testCase {
	return []testCase{
		{"a bound caller adds events of members to its organization, and no others", addEventsOfMembers},
		{"bound callers of two organizations at once each add their own events", addEventsOfTwo},
	}
}

func addEventsOfMembers(f *fixture) {
	t := f.tenants()
	var events []domain.Event
	var want []ports.Outcome
	for _, c := range []struct {
		organization domain.OrganizationID
		user         domain.UserID
		outcome      ports.Outcome
	}{
		{t.home, t.inside.ID, ports.Accepted},
		{t.home, t.outside.ID, ports.UnknownUser},
		{t.home, t.gone.ID, ports.UnknownUser},
		{t.home, nobody, ports.UnknownUser},
		{t.abroad, t.outside.ID, ports.UnknownOrganization},
		{t.abroad, t.both.ID, ports.UnknownOrganization},
		{nobody, nobody, ports.UnknownOrganization},
		{t.home, t.both.ID, ports.Accepted},
	} {
		events, want = append(events, f.newEvent(c.organization, c.user, begin)), append(want, c.outcome)
	}
	got := must[[]ports.Outcome](f)(f.Events.AddEvents(f.Context(), ports.AddEvents{Events: events, Within: t.home, Idempotency: key()}))
	sameList(f, "outcomes under a key", got, want)
	for i := range want {
		if want[i] == ports.Accepted {
			want[i] = ports.Duplicate
		}
	}
	got = must[[]ports.Outcome](f)(f.Events.AddEvents(f.Context(), ports.AddEvents{Events: events, Within: t.home}))
	sameList(f, "outcomes", got, want)
}

func addEventsOfTwo(f *fixture) {
	t := f.tenants()
	homes, users := []domain.OrganizationID{t.home, t.abroad}, []domain.User{t.inside, t.outside, t.both, t.loose}
	known := [][]bool{{true, false}, {false, true}, {true, true}, {false, false}}
	events := make([]domain.Event, 160)
	for i := range events {
		events[i] = f.newEvent(homes[i/8%2], users[i/2%4].ID, begin)
	}
	for i, err := range atOnce(len(events), func(i int) error {
		within, of, user := i%2, i/8%2, i/2%4
		want := ports.Accepted
		switch {
		case within != of:
			want = ports.UnknownOrganization
		case !known[user][within]:
			want = ports.UnknownUser
		}
		got, err := f.Events.AddEvents(f.Context(), ports.AddEvents{Events: events[i : i+1], Within: homes[within]})
		if err == nil && got[0] != want {
			f.Errorf("event %d: outcome %d, want %d", i, got[0], want)
		}
		return err
	}) {
		if err != nil {
			f.Errorf("event %d: %v", i, err)
		}
	}
}
