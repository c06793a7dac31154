package porttest

import (
	"context"
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// everything is a directory in the order of an export, with records of every kind
// and with every optional field. The plan duo would be full if its deleted member
// took a seat, which it does not.
func (f *fixture) everything() contents {
	f.Helper()
	all := contents{plans: []domain.Plan{f.newPlan("a-b", 0), f.newPlan("a1", 2), f.newPlan("a_b", 0), f.newPlan("free", 0)}}
	all.organizations = []domain.Organization{f.newOrganization("acme", all.plans[3].Code), f.newOrganization("bolt", all.plans[1].Code)}
	all.organizations[1].Version = 7
	for _, user := range []domain.User{f.newUser("ada"), f.newUser("ben"), f.full("cho"), f.full("gone")} {
		all.users = append(all.users, ports.UserRecord{User: user, HasAttributes: true})
	}
	all.users[2].Version = 9
	all.users[2].UpdatedAt = begin.Add(time.Hour)
	all.users[3].DeletedAt = begin.Add(time.Hour)
	acme, bolt := all.organizations[0].ID, all.organizations[1].ID
	ada, ben, cho, gone := all.users[0].ID, all.users[1].ID, all.users[2].ID, all.users[3].ID
	all.memberships = []domain.Membership{
		f.newMember(acme, ada, domain.Owner), f.newMember(bolt, ada, domain.Admin),
		f.newMember(bolt, cho, domain.Owner), f.newMember(bolt, gone, domain.Member),
	}
	all.events = []domain.Event{
		f.newEvent(acme, ada, begin.AddDate(0, -2, 0)), f.newEvent(bolt, domain.UserID{}, begin),
		f.newEvent(bolt, ben, begin), f.newEvent(acme, gone, begin.Add(time.Microsecond)),
	}
	for i, text := range []string{`null`, `{"a":[1,"two",null]}`, `"text"`} {
		all.events[i+1].Payload = must[domain.Payload](f)(domain.ParsePayload([]byte(text)))
	}
	return all
}

// backwards are the same records in the reverse order.
func (r records) backwards() records {
	back := records{
		plans: slices.Clone(r.plans), organizations: slices.Clone(r.organizations), users: slices.Clone(r.users),
		memberships: slices.Clone(r.memberships), events: slices.Clone(r.events),
	}
	slices.Reverse(back.plans)
	slices.Reverse(back.organizations)
	slices.Reverse(back.users)
	slices.Reverse(back.memberships)
	slices.Reverse(back.events)
	return back
}

// stopping ends an export at its first user.
type stopping struct{ contents }

func (*stopping) WriteUser(ports.UserRecord) error { return errStop }

func bulkExports() []testCase {
	return []testCase{
		{"an export of nothing is empty", func(f *fixture) { f.holds(contents{}) }},
		{"an export is complete and in order, in whichever order records were stored", func(f *fixture) {
			all := f.everything()
			f.addsAll(all.records().backwards())
			f.holds(all)
			kinds := f.contents().kinds
			sameList(f, "the kinds", slices.Compact(kinds), ports.RecordKinds())
		}},
		{"an import of an export is the identity", func(f *fixture) {
			f.addsAll(f.everything().records())
			first := f.contents()
			f.unchanged(first.records())
			f.holds(first)
		}},
		{"an export shows one instant while others write", func(f *fixture) {
			all := f.everything()
			f.addsAll(all.records())
			writing := &intruding{f: f}
			if err := f.Bulk.Export(f.Context(), writing); err != nil {
				f.Fatal(err)
			}
			sameList(f, "users", writing.users, all.users)
			same(f, "users afterwards", len(f.contents().users), len(all.users)+1)
		}},
		{"an error of the writer ends an export", func(f *fixture) {
			f.addsAll(f.everything().records())
			f.is(f.Bulk.Export(f.Context(), &stopping{}), errStop)
		}},
		{"an export that is called off ends", func(f *fixture) {
			f.addsAll(f.everything().records())
			ctx, cancel := context.WithCancel(f.Context())
			cancel()
			f.is(f.Bulk.Export(ctx, &contents{}), context.Canceled)
		}},
	}
}

// intruding adds a user while the first plan is written.
type intruding struct {
	contents
	f *fixture
}

func (w *intruding) WritePlan(plan domain.Plan) error {
	if len(w.plans) == 0 {
		w.f.addsAll(records{users: []ports.UserRecord{w.f.bareUser("late")}})
	}
	return w.contents.WritePlan(plan)
}
