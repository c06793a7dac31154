package postgres

import (
	"context"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUsers implements ports.UserLister.
func (s *Users) ListUsers(ctx context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
	if in.After == nil && in.Order == (domain.UserOrder{}) && in.Filter == (ports.UserFilter{}) {
		return paged(ctx, s.d, usersNewest, page{limit(in.Limit) + 1}, userRow.user, in.Limit)
	}
	filter, spot := filterOf(in.Filter), spotOf(in)
	if in.Filter.Deleted != domain.WithDeleted && in.Filter.Deleted != domain.OnlyDeleted {
		return paged(ctx, s.d, usersListed, listUsers{filter, spot}, userRow.user, in.Limit)
	}
	return paged(ctx, s.d, usersListedAny, listAnyUsers{
		Living: living(in.Filter.Deleted), Statuses: filter.Statuses, Belonging: filter.Belonging, Organization: filter.Organization,
		Plan: filter.Plan, Roles: filter.Roles, EmailDomain: optional(in.Filter.EmailDomain),
		CreatedFrom: filter.CreatedFrom, CreatedTo: filter.CreatedTo, userSpot: spot,
	}, anyUserRow.user, in.Limit)
}

// paged reads a page of a query that asks for one row more than the page has.
func paged[P, R, T any](ctx context.Context, d *Database, q *sqlcheck.Query[P, R], p P, convert func(R) (T, error), limit domain.PageSize) (ports.Page[T], error) {
	items, err := list(ctx, d, q, p, convert)
	if len(items) > limit.Int() {
		return ports.Page[T]{Items: items[:limit.Int()], More: true}, err
	}
	return ports.Page[T]{Items: items}, err
}

// Before and after all that is stored.
var (
	earliest = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(200_000, 1, 1, 0, 0, 0, 0, time.UTC)
	lastID   = [16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}
)

// lastKey is after all names and addresses, which are of visible ASCII.
const lastKey = "\x7f"

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

// spotOf is where the page begins; the first begins before all that is stored.
func spotOf(in ports.ListUsers) userSpot {
	spot := userSpot{Sort: string(in.Order.By()), Descending: !in.Order.Ascending(), At: earliest, Limit: limit(in.Limit) + 1}
	if spot.Descending {
		spot.At, spot.Key, spot.ID = latest, lastKey, lastID
	}
	if in.After != nil {
		spot.At, spot.Key, spot.ID = in.After.At, in.After.Key, in.After.ID
	}
	return spot
}
