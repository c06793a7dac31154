package resttest

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// orgPath is that of Analytical Engines, memberPath that of Ada in it.
	orgPath     = "/organizations/" + orgID
	membersPath = orgPath + "/members"
	memberPath  = membersPath + "/" + adaID

	enginesJSON = `{"id":"` + orgID + `","name":"Analytical Engines","slug":"engines","plan":"team",` +
		`"created_at":"2026-01-01T00:00:01Z","version":1}`
	membershipJSON = `{"organization_id":"` + orgID + `","user_id":"` + adaID + `","role":"owner","joined_at":"2026-01-01T00:00:01Z"}`
	teamJSON       = `{"code":"team","name":"Team","seats":25}`
	freeJSON       = `{"code":"free","name":"Free","seats":null}`

	replacement = `{"name":"Engines","slug":"engines-2","plan":"free"}`
	foundation  = `{"name":"Engines","slug":"engines-2","plan":"free","owner":"` + adaID + `"}`
	login       = `{"organization_id":"` + orgID + `","user_id":"` + adaID + `","kind":"login","occurred_at":"2025-12-31T23:00:00+01:00"}`
	logins      = `{"events":[` + login + `]}`
)

func team() domain.Plan {
	return domain.Plan{Code: must(domain.ParsePlanCode("team")), Name: must(domain.ParsePlanName("Team")), Seats: must(domain.ParseSeats(25))}
}

func free() domain.Plan {
	return domain.Plan{Code: must(domain.ParsePlanCode("free")), Name: must(domain.ParsePlanName("Free"))}
}

// ownership is Ada's part in Analytical Engines.
func ownership() domain.Membership {
	return domain.Membership{Organization: engines().ID, User: ada().ID, Role: domain.Owner, JoinedAt: instant("2026-01-01T00:00:01Z")}
}

// stock gives every organization to Ada, and stores every event.
func (w *world) stock() {
	w.stockOrganizations()
	w.memberships.MembershipOfFunc = func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
		return ownership(), nil
	}
	w.memberships.MembersFunc = func(context.Context, ports.ListMembers) (ports.Page[domain.Membership], error) {
		return ports.Page[domain.Membership]{Items: []domain.Membership{ownership(), ownership()}}, nil
	}
	w.memberships.SetRoleFunc = func(context.Context, ports.SetRole) (domain.Membership, error) { return ownership(), nil }
	w.memberships.AddMemberFunc = func(_ context.Context, m domain.Membership) (domain.Membership, error) { return m, nil }
	w.memberships.RemoveMemberFunc = func(context.Context, domain.OrganizationID, domain.UserID) error { return nil }
	w.plans.ListPlansFunc = func(context.Context) ([]domain.Plan, error) { return []domain.Plan{free(), team()}, nil }
	w.plans.PlanByCodeFunc = func(context.Context, domain.PlanCode) (domain.Plan, error) { return team(), nil }
	w.plans.PutPlanFunc = func(context.Context, ports.PutPlan) (bool, error) { return false, nil }
	w.plans.DeletePlanFunc = func(context.Context, domain.PlanCode) error { return nil }
	w.events.AddEventsFunc = func(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
		outcomes := make([]ports.Outcome, len(in.Events))
		for i := range outcomes {
			outcomes[i] = ports.Accepted
		}
		return outcomes, nil
	}
}

func (w *world) stockOrganizations() {
	w.organizations.OrganizationByIDFunc = func(context.Context, domain.OrganizationID) (domain.Organization, error) { return engines(), nil }
	w.organizations.OrganizationBySlugFunc = func(context.Context, domain.Slug) (domain.Organization, error) { return engines(), nil }
	w.organizations.ListOrganizationsFunc = func(context.Context, ports.ListOrganizations) (ports.Page[domain.Organization], error) {
		return ports.Page[domain.Organization]{Items: []domain.Organization{engines(), engines()}}, nil
	}
	w.organizations.CountOrganizationsFunc = func(context.Context, domain.PlanCode, domain.Counting) (domain.Total, error) {
		return domain.Total{N: 1843, Kind: domain.CountEstimate}, nil
	}
	w.organizations.CreateOrganizationFunc = func(_ context.Context, in ports.CreateOrganization) (domain.Organization, error) {
		return in.Organization, nil
	}
	w.organizations.ReplaceOrganizationFunc = func(context.Context, ports.ReplaceOrganization) (domain.Organization, error) {
		return engines(), nil
	}
	w.organizations.DeleteOrganizationFunc = func(context.Context, domain.OrganizationID, domain.Version) error { return nil }
}

// failStock makes every call of the store that stock answers fail.
func (w *world) failStock(err error) {
	one := func() (domain.Organization, error) { return domain.Organization{}, err }
	w.organizations.OrganizationByIDFunc = func(context.Context, domain.OrganizationID) (domain.Organization, error) { return one() }
	w.organizations.OrganizationBySlugFunc = func(context.Context, domain.Slug) (domain.Organization, error) { return one() }
	w.organizations.ListOrganizationsFunc = func(context.Context, ports.ListOrganizations) (ports.Page[domain.Organization], error) {
		return ports.Page[domain.Organization]{}, err
	}
	w.organizations.CreateOrganizationFunc = func(context.Context, ports.CreateOrganization) (domain.Organization, error) { return one() }
	w.organizations.ReplaceOrganizationFunc = func(context.Context, ports.ReplaceOrganization) (domain.Organization, error) { return one() }
	w.organizations.DeleteOrganizationFunc = func(context.Context, domain.OrganizationID, domain.Version) error { return err }
	membership := func() (domain.Membership, error) { return domain.Membership{}, err }
	w.memberships.MembershipOfFunc = func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
		return membership()
	}
	w.memberships.MembersFunc = func(context.Context, ports.ListMembers) (ports.Page[domain.Membership], error) {
		return ports.Page[domain.Membership]{}, err
	}
	w.memberships.SetRoleFunc = func(context.Context, ports.SetRole) (domain.Membership, error) { return membership() }
	w.memberships.AddMemberFunc = func(context.Context, domain.Membership) (domain.Membership, error) { return membership() }
	w.memberships.RemoveMemberFunc = func(context.Context, domain.OrganizationID, domain.UserID) error { return err }
	w.plans.ListPlansFunc = func(context.Context) ([]domain.Plan, error) { return nil, err }
	w.plans.PlanByCodeFunc = func(context.Context, domain.PlanCode) (domain.Plan, error) { return domain.Plan{}, err }
	w.plans.PutPlanFunc = func(context.Context, ports.PutPlan) (bool, error) { return false, err }
	w.plans.DeletePlanFunc = func(context.Context, domain.PlanCode) error { return err }
	w.events.AddEventsFunc = func(context.Context, ports.AddEvents) ([]ports.Outcome, error) { return nil, err }
}

// stockRequests is one request of each operation that stock answers.
func stockRequests() []struct{ method, target, body string } {
	return []struct{ method, target, body string }{
		{"GET", "/organizations", ""},
		{"GET", "/organizations?slug=engines", ""},
		{"POST", "/organizations", foundation},
		{"GET", orgPath, ""},
		{"PUT", orgPath, replacement},
		{"PATCH", orgPath, "{}"},
		{"DELETE", orgPath, ""},
		{"GET", membersPath, ""},
		{"GET", memberPath, ""},
		{"PUT", memberPath, `{"role":"admin"}`},
		{"DELETE", memberPath, ""},
		{"GET", "/plans", ""},
		{"GET", "/plans/team", ""},
		{"PUT", "/plans/team", `{"name":"Team"}`},
		{"DELETE", "/plans/team", ""},
		{"POST", "/events", logins},
	}
}

// memberOf gives Ada a role in every organization.
func (w *world) memberOf(role domain.Role) {
	w.memberships.MembershipOfFunc = func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
		membership := ownership()
		membership.Role = role
		return membership, nil
	}
}
