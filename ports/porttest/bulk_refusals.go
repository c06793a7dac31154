package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func differs(i int, fields string) refusal {
	return refusal{lineOf(i), domain.Conflict, domain.ReasonTaken, fields}
}

func unknown(i int, field string) refusal {
	return refusal{lineOf(i), domain.Invalid, domain.ReasonUnknown, field}
}

func full(i int) refusal {
	return refusal{lineOf(i), domain.Conflict, domain.ReasonSeats, "organization"}
}

func bulkRefusals() []testCase {
	return []testCase{
		{"stored records are never overwritten: each value that differs is named", nothingIsOverwritten},
		{"of two lines about one thing, the earlier counts", func(f *fixture) {
			r := f.acme(0, "ada")
			r.plans = append(r.plans, f.newPlan("free", 3))
			r.organizations = append(r.organizations, f.bareOrganization("acme", "free"))
			r.organizations[1].Name = f.bareOrganization("other", "free").Name
			r.users = append(r.users, f.bareUser("ADA"))
			r.memberships = []ports.MembershipRecord{f.joins("acme", "ada"), f.joins("acme", "ada")}
			r.memberships[1].Role = domain.Owner
			got := f.load(r)
			added := ports.Added{New: 1, Refused: 1}
			f.became(got, ports.PlanRecords, added, differs(1, "seats"))
			f.became(got, ports.OrganizationRecords, added, differs(1, "name"))
			f.became(got, ports.UserRecords, added, differs(1, "username, email"))
			f.became(got, ports.MembershipRecords, added, differs(1, "role"))
		}},
		{"an organization needs a plan that exists, and a slug of its own", func(f *fixture) {
			r := f.acme(0)
			taken := f.bareOrganization("acme", "free")
			taken.ID, _ = f.next()
			bolt, core := f.bareOrganization("bolt", "none"), f.bareOrganization("core", "free")
			r.organizations = []ports.OrganizationRecord{bolt, r.organizations[0], taken, core}
			f.became(f.load(r), ports.OrganizationRecords, ports.Added{New: 2, Refused: 2}, unknown(0, "plan"), differs(2, "slug"))
		}},
		{"the names of a user must be unique in any case", importedNamesAreUnique},
		{"names of the deleted are free", func(f *fixture) {
			gone, ada := f.bareUser("ada"), f.bareUser("ada")
			gone.ID, _ = f.next()
			gone.DeletedAt = begin
			r := records{users: []ports.UserRecord{gone, ada}}
			f.became(f.load(r), ports.UserRecords, ports.Added{New: 2})
			f.became(f.load(r), ports.UserRecords, ports.Added{Unchanged: 2})
		}},
		{"a membership or event needs an organization and a user that exist", func(f *fixture) {
			r := f.acme(0, "ada")
			elsewhere, stranger := f.joins("acme", "ada"), f.joins("acme", "ada")
			elsewhere.Organization, stranger.User = ports.OrganizationRef{ID: nobody}, ports.UserRef{ID: nobody}
			r.memberships = []ports.MembershipRecord{f.joins("none", "ada"), f.joins("acme", "none"), f.joins("acme", "ada"), elsewhere, stranger}
			for _, m := range r.memberships {
				event := f.login("ada", begin)
				event.Organization, event.User = m.Organization, m.User
				r.events = append(r.events, event)
			}
			got := f.load(r)
			for _, kind := range []ports.RecordKind{ports.MembershipRecords, ports.EventRecords} {
				f.became(got, kind, ports.Added{New: 1, Refused: 4},
					unknown(0, "organization"), unknown(1, "user"), unknown(3, "organization_id"), unknown(4, "user_id"))
			}
		}},
	}
}

func nothingIsOverwritten(f *fixture) {
	before := f.everything()
	f.addsAll(before.records())
	r := before.records()
	r.plans, r.users = append([]domain.Plan{}, r.plans...), append([]ports.UserRecord{}, r.users...)
	r.plans[0].Name = f.newPlan("x", 0).Name
	r.plans[0].Seats = f.newPlan("x", 77).Seats
	other := f.newOrganization("other", r.plans[1].Code)
	o := &r.organizations[0]
	o.Name, o.Slug, o.Plan, o.CreatedAt, o.Version = other.Name, other.Slug, r.plans[1].Code, other.CreatedAt, 77
	u := &r.users[0]
	id, deleted := u.ID, other.CreatedAt
	*u = ports.UserRecord{User: f.full("other"), HasAttributes: true}
	u.DeletedAt = deleted
	u.ID, u.Version, u.UpdatedAt = id, 77, u.UpdatedAt.Add(time.Second)
	r.memberships[0].Role, r.memberships[0].JoinedAt = domain.Admin, other.CreatedAt
	e := &r.events[0]
	e.User, e.Kind = ports.UserRef{}, must[domain.EventKind](f)(domain.ParseEventKind("other"))
	e.Payload = must[domain.Payload](f)(domain.ParsePayload([]byte("77")))
	e.Organization.ID = before.organizations[1].ID
	got := f.load(r)
	for kind, field := range map[ports.RecordKind]string{
		ports.PlanRecords:         "name, seats",
		ports.OrganizationRecords: "name, slug, plan, created_at, version",
		ports.UserRecords:         "external_id, username, email, display_name, attributes, status, created_at, updated_at, deleted_at, version",
		ports.MembershipRecords:   "role, joined_at",
		ports.EventRecords:        "organization_id, user_id, kind, payload",
	} {
		sameList(f, string(kind), got[kind].refusals, []refusal{differs(0, field)})
		same(f, "new "+string(kind), got[kind].New, 0)
	}
	f.holds(before)
}

func importedNamesAreUnique(f *fixture) {
	ada, name, email, external := f.bareUser("ada"), f.bareUser("ADA"), f.bareUser("ben"), f.bareUser("cho")
	ada.ExternalID = must[domain.ExternalID](f)(domain.ParseExternalID("1"))
	name.ID, _ = f.next()
	email.Email, external.ExternalID = f.bareUser("ADA").Email, ada.ExternalID
	several := f.bareUser("eve")
	several.Email, several.ExternalID = f.bareUser("dan").Email, ada.ExternalID
	all := f.bareUser("ada")
	all.ID, _ = f.next()
	all.Email, all.ExternalID = several.Email, several.ExternalID
	got := f.load(records{users: []ports.UserRecord{ada, name, email, external, f.bareUser("dan"), several, all}})
	f.became(got, ports.UserRecords, ports.Added{New: 2, Refused: 5},
		differs(1, "username, email"), differs(2, "email"), differs(3, "external_id"),
		differs(5, "email, external_id"), differs(6, "username, email, external_id"))
}
