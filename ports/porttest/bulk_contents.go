package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// contents are the records of an export.
type contents struct {
	plans         []domain.Plan
	organizations []domain.Organization
	users         []ports.UserRecord
	memberships   []domain.Membership
	events        []domain.Event
	// kinds are the kinds of the records, in their order.
	kinds []ports.RecordKind
}

func (c *contents) WritePlan(plan domain.Plan) error {
	c.plans, c.kinds = append(c.plans, plan), append(c.kinds, ports.PlanRecords)
	return nil
}

func (c *contents) WriteOrganization(organization domain.Organization) error {
	c.organizations, c.kinds = append(c.organizations, organization), append(c.kinds, ports.OrganizationRecords)
	return nil
}

func (c *contents) WriteUser(user ports.UserRecord) error {
	c.users, c.kinds = append(c.users, user), append(c.kinds, ports.UserRecords)
	return nil
}

func (c *contents) WriteMembership(membership domain.Membership) error {
	c.memberships, c.kinds = append(c.memberships, membership), append(c.kinds, ports.MembershipRecords)
	return nil
}

func (c *contents) WriteEvent(event domain.Event) error {
	c.events, c.kinds = append(c.events, event), append(c.kinds, ports.EventRecords)
	return nil
}

func (f *fixture) contents() contents {
	f.Helper()
	var all contents
	if err := f.Bulk.Export(f.Context(), &all); err != nil {
		f.Fatal(err)
	}
	return all
}

// holds fails the test unless the directory has these contents.
func (f *fixture) holds(want contents) {
	f.Helper()
	got := f.contents()
	sameList(f, "plans", got.plans, want.plans)
	sameList(f, "organizations", got.organizations, want.organizations)
	sameList(f, "users", got.users, want.users)
	sameList(f, "memberships", got.memberships, want.memberships)
	sameList(f, "events", got.events, want.events)
}

// records are the contents as the lines of a data set.
func (c contents) records() records {
	r := records{plans: c.plans, users: c.users}
	for _, o := range c.organizations {
		r.organizations = append(r.organizations, ports.OrganizationRecord{Organization: o})
	}
	for _, m := range c.memberships {
		r.memberships = append(r.memberships, ports.MembershipRecord{
			Organization: ports.OrganizationRef{ID: m.Organization}, User: ports.UserRef{ID: m.User}, Role: m.Role, JoinedAt: m.JoinedAt,
		})
	}
	for _, e := range c.events {
		r.events = append(r.events, ports.EventRecord{
			ID: e.ID, Organization: ports.OrganizationRef{ID: e.Organization}, User: ports.UserRef{ID: e.User},
			Kind: e.Kind, OccurredAt: e.OccurredAt, Payload: e.Payload,
		})
	}
	return r
}

func (f *fixture) newPlan(code string, seats int64) domain.Plan {
	f.Helper()
	plan := domain.Plan{
		Code: must[domain.PlanCode](f)(domain.ParsePlanCode(code)),
		Name: must[domain.PlanName](f)(domain.ParsePlanName("The " + code + " plan")),
	}
	if seats > 0 {
		plan.Seats = must[domain.Seats](f)(domain.ParseSeats(seats))
	}
	return plan
}

// bareOrganization has only the required fields of an organization.
func (f *fixture) bareOrganization(slug, plan string) ports.OrganizationRecord {
	f.Helper()
	o := f.newOrganization(slug, f.newPlan(plan, 0).Code)
	return ports.OrganizationRecord{Organization: domain.Organization{Name: o.Name, Slug: o.Slug, Plan: o.Plan}, NewID: o.ID}
}

// bareUser has only the required fields of a user.
func (f *fixture) bareUser(name string) ports.UserRecord {
	f.Helper()
	user := f.newUser(name)
	return ports.UserRecord{User: domain.User{Username: user.Username, Email: user.Email}, NewID: user.ID}
}

// joins is a membership by slug and username, of the role member.
func (f *fixture) joins(slug, name string) ports.MembershipRecord {
	f.Helper()
	return ports.MembershipRecord{Organization: f.slug(slug), User: f.username(name), Role: domain.Member}
}

// login is an event without an ID, in the organization acme, by username.
func (f *fixture) login(name string, at time.Time) ports.EventRecord {
	f.Helper()
	return ports.EventRecord{
		Organization: f.slug("acme"), User: f.username(name), OccurredAt: at,
		Kind: must[domain.EventKind](f)(domain.ParseEventKind("login")),
	}
}

func (f *fixture) slug(text string) ports.OrganizationRef {
	f.Helper()
	return ports.OrganizationRef{Slug: must[domain.Slug](f)(domain.ParseSlug(text))}
}

func (f *fixture) username(text string) ports.UserRef {
	f.Helper()
	return ports.UserRef{Username: must[domain.Username](f)(domain.ParseUsername(text))}
}

// acme is a directory of one organization, acme, on a plan with so many seats (0: no
// limit), and of users that have no membership.
func (f *fixture) acme(seats int64, names ...string) records {
	f.Helper()
	r := records{plans: []domain.Plan{f.newPlan("free", seats)}, organizations: []ports.OrganizationRecord{f.bareOrganization("acme", "free")}}
	for _, name := range names {
		r.users = append(r.users, f.bareUser(name))
	}
	return r
}
