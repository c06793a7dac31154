package postgres

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUsers implements ports.UserLister.
func (s *Users) ListUsers(ctx context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
	if in.After == nil && in.Order == (domain.UserOrder{}) && in.Filter == (ports.UserFilter{}) {
		return through(ctx, s.d.lanes.newest, in.Limit, s.d.newestUsers)
	}
	return through(ctx, s.d.lanes.listed, in, s.d.listUsers)
}

// newestUsers are the first page of the list that nothing filters.
func (d *Database) newestUsers(ctx context.Context, size domain.PageSize) (ports.Page[domain.User], error) {
	return paged(ctx, d, usersNewest, page{limit(size) + 1}, userRow.user, size)
}

// listUsers is ListUsers, by itself.
func (d *Database) listUsers(ctx context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
	filter, spot := filterOf(in.Filter), spotOf(string(in.Order.By()), in.Order.Ascending(), in.After, in.Limit)
	if !in.Filter.Deleted.Shows() {
		return paged(ctx, d, usersListed, listUsers{filter, spot}, userRow.user, in.Limit)
	}
	return paged(ctx, d, usersListedAny, listAnyUsers{anyFilterOf(in.Filter), spot}, anyUserRow.user, in.Limit)
}

func anyFilterOf(in ports.UserFilter) anyUserFilter {
	f := filterOf(in)
	return anyUserFilter{
		Living: living(in.Deleted), Statuses: f.Statuses, Belonging: f.Belonging, Organization: f.Organization, Plan: f.Plan, Roles: f.Roles,
		EmailDomain: optional(in.EmailDomain), CreatedFrom: f.CreatedFrom, CreatedTo: f.CreatedTo,
	}
}

func filterOf(in ports.UserFilter) userFilter {
	f := userFilter{
		Statuses: statusesOf(in.Status), Suspended: in.Status == domain.Suspended, Belonging: belongingOf(in), Organization: in.Organization, Plan: in.Plan.String(), Roles: rolesOf(in.Role),
		EmailDomain: sqlcheck.Opt[string]{V: in.EmailDomain.String(), Set: !in.EmailDomain.IsZero()},
		InSpan:      !in.CreatedFrom.IsZero() || !in.CreatedTo.IsZero(), CreatedFrom: in.CreatedFrom, CreatedTo: in.CreatedTo,
	}
	if in.CreatedFrom.IsZero() {
		f.CreatedFrom = earliest
	}
	if in.CreatedTo.IsZero() {
		f.CreatedTo = latest
	}
	return f
}

func statusesOf(status domain.Status) []string {
	if status != "" {
		return []string{string(status)}
	}
	return []string{string(domain.Active), string(domain.Suspended)}
}

func rolesOf(role domain.Role) []string {
	if role != "" {
		return []string{string(role)}
	}
	return []string{string(domain.Owner), string(domain.Admin), string(domain.Member)}
}

func belongingOf(in ports.UserFilter) string {
	inOrganization, onPlan := !in.Organization.IsZero(), in.Plan != domain.PlanCode{}
	switch {
	case inOrganization && onPlan:
		return byOrganizationPlan
	case inOrganization:
		return byOrganization
	case onPlan:
		return byPlan
	case in.Role != "":
		return byRole
	}
	return byNone
}

func living(deletion domain.Deletion) []bool {
	switch deletion {
	case domain.WithDeleted:
		return []bool{true, false}
	case domain.OnlyDeleted:
		return []bool{false}
	}
	return []bool{true}
}
