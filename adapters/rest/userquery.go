package rest

import (
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// userFilter parses the parameters that choose users.
func userFilter(p *listUsersParams) (ports.UserFilter, error) {
	status, err1 := given(p.Status, domain.ParseStatus)
	organization, err2 := given(p.Organization, parseOrganization)
	role, err3 := given(p.Role, domain.ParseRole)
	plan, err4 := given(p.Plan, domain.ParsePlanCode)
	host, err5 := given(p.EmailDomain, domain.ParseEmailDomain)
	deleted, err6 := given(p.Deleted, domain.ParseDeletion)
	return ports.UserFilter{
		Deleted: deleted, Status: status, Organization: organization, Role: role, Plan: plan, EmailDomain: host,
		CreatedFrom: moment(p.CreatedFrom), CreatedTo: bound(p.CreatedTo),
	}, inParameter(errors.Join(err1, err2, err3, err4, err5, err6))
}

// bound is the end of a range, which no time in the domain is without being set.
func bound(at *time.Time) time.Time {
	if at != nil && at.IsZero() {
		return at.Add(time.Microsecond) // as far back, and not absent
	}
	return moment(at)
}

// plainUsers is the question of a list without parameters, the most frequent one.
var plainUsers = questionOf("listUsers")

// userQuestion names a list of users, for its cursors.
func userQuestion(f *ports.UserFilter, order domain.UserOrder) []byte {
	if *f == (ports.UserFilter{}) && order == (domain.UserOrder{}) {
		return plainUsers
	}
	return questionOf("listUsers", order.String(), string(f.Deleted), string(f.Status), organizationText(f.Organization), string(f.Role), f.Plan.String(),
		f.EmailDomain.String(), instantText(f.CreatedFrom), instantText(f.CreatedTo))
}

// parseOrganization reads the parameter that names an organization.
func parseOrganization(text string) (domain.OrganizationID, error) {
	return domain.ParseID[domain.Organization]("organization", text)
}

// organizationText writes an id, which may be absent, in the one way that
// cursors know it by.
func organizationText(id domain.OrganizationID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// instantText writes an instant in the one way that cursors know it by.
func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return domain.Instant(t).Format(time.RFC3339Nano)
}

// lookup is the exact name by which one user is asked for: the parameter, its
// value, and how many such there are.
func (p *listUsersParams) lookup() (name string, given int) {
	for _, each := range []struct{ name, value string }{
		{"external_id", p.ExternalID}, {"email", p.Email}, {"username", p.Username},
	} {
		if each.value != "" {
			name = each.name
			given++
		}
	}
	return name, given
}

// checkMode refuses parameters that don't go together: those that look one user
// up and changed_since go with few others.
func (p *listUsersParams) checkMode() error {
	others := *p
	others.Fields = 0
	name, given := p.lookup()
	switch {
	case given > 0:
		others.Username, others.Email, others.ExternalID = "", "", ""
		if given > 1 || others != (listUsersParams{}) {
			return badMode(name, "goes with fields alone", "leave the other parameters out")
		}
	case p.ChangedSince != nil:
		others.ChangedSince, others.Limit, others.Cursor = nil, nil, ""
		if others != (listUsersParams{}) {
			return badMode("changed_since", "goes with limit, cursor and fields alone", "leave the other parameters out")
		}
	}
	return nil
}

func badMode(name, detail, fix string) error {
	return inParameter(&domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: name, Detail: detail, Fix: fix})
}
