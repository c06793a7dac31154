package rest

import (
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// parseUserList parses the parameters of a list of users except the cursor.
func parseUserList(p *listUsersParams) (ports.ListUsers, domain.Counting, error) {
	limit, badLimit := pageSize(p.Limit, domain.DefaultListSize)
	filter, badFilter := parseUserFilter(p)
	order, badOrder := parseGiven(p.Sort, domain.ParseUserOrder)
	how, badTotal := parseGiven(p.Total, domain.ParseCounting)
	in := ports.ListUsers{Filter: filter, Order: order, Limit: limit}
	return in, how, errors.Join(badLimit, badFilter, inParameter(errors.Join(badOrder, badTotal)))
}

// parseUserFilter parses the parameters that select users.
func parseUserFilter(p *listUsersParams) (ports.UserFilter, error) {
	status, err1 := parseGiven(p.Status, domain.ParseStatus)
	organization, err2 := parseGiven(p.Organization, parseOrganization)
	role, err3 := parseGiven(p.Role, domain.ParseRole)
	plan, err4 := parseGiven(p.Plan, domain.ParsePlanCode)
	host, err5 := parseGiven(p.EmailDomain, domain.ParseEmailDomain)
	deleted, err6 := parseGiven(p.Deleted, domain.ParseDeletion)
	return ports.UserFilter{
		Deleted: deleted, Status: status, Organization: organization, Role: role, Plan: plan, EmailDomain: host,
		CreatedFrom: timeOrZero(p.CreatedFrom), CreatedTo: rangeEnd(p.CreatedTo),
	}, inParameter(errors.Join(err1, err2, err3, err4, err5, err6))
}

// rangeEnd is the end of a range. The zero time means none in the domain, so a
// client's zero time becomes the next one.
func rangeEnd(at *time.Time) time.Time {
	if at != nil && at.IsZero() {
		return at.Add(time.Microsecond)
	}
	return timeOrZero(at)
}

// allUsers is the fingerprint of a list without parameters, the most frequent.
var allUsers = newFingerprint(domain.Principal{}, "listUsers")

// usersFingerprint is the fingerprint of a list of users.
func usersFingerprint(caller domain.Principal, f *ports.UserFilter, order domain.UserOrder) fingerprint {
	if caller.Within.IsZero() && *f == (ports.UserFilter{}) && order == (domain.UserOrder{}) {
		return allUsers
	}
	return newFingerprint(caller, "listUsers", order.String(), string(f.Deleted), string(f.Status), organizationText(f.Organization),
		string(f.Role), f.Plan.String(), f.EmailDomain.String(), instantText(f.CreatedFrom), instantText(f.CreatedTo))
}
