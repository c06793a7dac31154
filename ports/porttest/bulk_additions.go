package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func bulkAdditions() []testCase {
	return []testCase{
		{"optional fields get the defaults of a new record", func(f *fixture) {
			r := f.acme(2, "Ada")
			r.memberships = []ports.MembershipRecord{f.joins("acme", "ada")}
			f.addsAll(r)
			o, u := r.organizations[0], r.users[0]
			f.holds(contents{
				plans:         r.plans,
				organizations: []domain.Organization{domain.NewOrganization(o.NewID, o.Name, o.Slug, o.Plan, begin)},
				users:         []ports.UserRecord{{User: domain.NewUser(u.NewID, u.Username, u.Email, begin), HasAttributes: true}},
				memberships:   []domain.Membership{{Organization: o.NewID, User: u.NewID, Role: domain.Member, JoinedAt: begin}},
			})
		}},
		{"a user without an update time was updated when it was created", func(f *fixture) {
			ada := f.bareUser("ada")
			ada.CreatedAt = begin.Add(-time.Hour)
			f.addsAll(records{users: []ports.UserRecord{ada}})
			same(f, "the time of the last write", f.contents().users[0].UpdatedAt, ada.CreatedAt)
		}},
		{"a record with an id keeps it", func(f *fixture) {
			r := f.acme(0)
			r.organizations[0].ID, _ = f.next()
			ada := f.bareUser("ada")
			ada.ID, _ = f.next()
			r.users = []ports.UserRecord{ada}
			f.addsAll(r)
			got := f.contents()
			same(f, "the organization's id", got.organizations[0].ID, r.organizations[0].ID)
			same(f, "the user's id", got.users[0].ID, ada.ID)
		}},
	}
}

func bulkRepetitions() []testCase {
	return []testCase{
		{"a record with the stored values stays, with an id or without", func(f *fixture) {
			everything := f.everything()
			f.addsAll(everything.records())
			f.unchanged(everything.records())
			bare := f.acme(0, "ada", "ben")
			bare.plans = nil
			bare.memberships = []ports.MembershipRecord{{Organization: f.slug("acme"), User: f.username("ADA"), Role: domain.Owner}}
			f.unchanged(bare)
			f.holds(everything)
		}},
		{"a record that comes earlier in the file is stored already", func(f *fixture) {
			r := f.acme(0, "ada")
			r.plans = append(r.plans, r.plans[0])
			r.organizations = append(r.organizations, f.bareOrganization("acme", "free"))
			r.users = append(r.users, f.bareUser("ada"))
			r.memberships = []ports.MembershipRecord{f.joins("acme", "ada"), f.joins("acme", "ada")}
			event := f.login("ada", begin)
			event.ID, _ = f.next()
			r.events = []ports.EventRecord{event, event}
			got := f.load(r)
			for _, kind := range ports.RecordKinds() {
				f.became(got, kind, ports.Added{New: 1, Unchanged: 1})
			}
			same(f, "the user's id", f.contents().users[0].ID, r.users[0].NewID)
		}},
		{"a record that another port stored is stored already", func(f *fixture) {
			if !whole(f.Stores) {
				return
			}
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			f.unchanged(f.contents().records())
			f.holds(contents{
				plans: []domain.Plan{f.newPlan("free", 0)}, organizations: []domain.Organization{o},
				users:       []ports.UserRecord{{User: ada, HasAttributes: true}},
				memberships: []domain.Membership{{Organization: o.ID, User: ada.ID, Role: domain.Owner, JoinedAt: o.CreatedAt}},
			})
		}},
	}
}

// unchanged fails the test unless the directory has all of the records.
func (f *fixture) unchanged(r records) {
	f.Helper()
	for kind, result := range f.load(r) {
		if result.Unchanged == 0 || result.New+result.Refused > 0 {
			f.Errorf("%s: %+v; all should be unchanged", kind, result)
		}
	}
}
