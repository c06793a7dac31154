package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// List returns a page of users. It needs the scope read, or admin where the
// filter includes deleted users. The error is Denied.
func (s *Users) List(ctx context.Context, caller domain.Principal, in ports.ListUsers) (ports.Page[domain.User], error) {
	visible, err := confine(caller, &in.Filter)
	if err != nil || !visible {
		return ports.Page[domain.User]{}, err
	}
	return s.store.ListUsers(ctx, in)
}

// Count counts the users that pass a filter. It needs the same scope as List.
// The error is Denied.
func (s *Users) Count(ctx context.Context, caller domain.Principal, in ports.CountUsers) (domain.Total, error) {
	visible, err := confine(caller, &in.Filter)
	if err != nil || !visible {
		return none(in.How), err
	}
	return s.store.CountUsers(ctx, in)
}

// Changes returns the users that were written, deleted or erased since a time or
// a position. It needs the scope read. The error is Denied.
func (s *Users) Changes(ctx context.Context, caller domain.Principal, in ports.ListChanges) (ports.Changes, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return ports.Changes{}, err
	}
	in.Within = caller.Within
	return s.store.ListChanges(ctx, in)
}

// confine checks the scope that a filter needs, and confines the filter to the
// organization of a bound caller. It reports whether the caller may see any user
// that passes.
func confine(caller domain.Principal, filter *ports.UserFilter) (visible bool, err error) {
	if filter.Deleted.Shows() {
		return true, caller.Require(domain.ScopeAdmin)
	}
	filter.Organization, visible = caller.Confine(filter.Organization)
	return visible, caller.RequireWithin(domain.ScopeRead)
}

// none is the total of a list in which the caller may see nothing.
func none(how domain.Counting) domain.Total {
	if how == "" || how == domain.CountNone {
		return domain.Total{Kind: domain.CountNone}
	}
	return domain.Total{Kind: domain.CountExact}
}
