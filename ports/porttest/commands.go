package porttest

import (
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The ports' commands, with the values of most cases.

func (f *fixture) create(user domain.User) (domain.User, error) {
	return f.Users.CreateUser(f.Context(), ports.CreateUser{User: user})
}

func (f *fixture) listed(in ports.ListUsers) ([]domain.User, error) {
	page, err := f.Users.ListUsers(f.Context(), in)
	return page.Items, err
}

func (f *fixture) listedOrganizations(in ports.ListOrganizations) ([]domain.Organization, error) {
	page, err := f.Organizations.ListOrganizations(f.Context(), in)
	return page.Items, err
}

func (f *fixture) members(organization domain.OrganizationID, limit domain.PageSize) ([]domain.Membership, error) {
	page, err := f.Memberships.Members(f.Context(), ports.ListMembers{Organization: organization, Limit: limit})
	return page.Items, err
}

func (f *fixture) organizationsOf(user domain.UserID) ([]domain.Affiliation, error) {
	page, err := f.Memberships.OrganizationsOf(f.Context(), ports.ListAffiliations{User: user, Limit: domain.DefaultListSize})
	return page.Items, err
}

func (f *fixture) putPlan(plan domain.Plan) (domain.Plan, error) {
	if _, err := f.Plans.PutPlan(f.Context(), ports.PutPlan{Plan: plan}); err != nil {
		return domain.Plan{}, err
	}
	return f.Plans.PlanByCode(f.Context(), plan.Code)
}

func (f *fixture) addEvents(events []domain.Event) ([]ports.Outcome, error) {
	return f.Events.AddEvents(f.Context(), ports.AddEvents{Events: events})
}
