package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// List returns a page of users. It needs the scope read, or admin where the
// filter includes deleted users. The error is Denied.
func (s *Users) List(ctx context.Context, caller domain.Principal, in ports.ListUsers) (ports.Page[domain.User], error) {
	if err := mayList(caller, in.Filter); err != nil {
		return ports.Page[domain.User]{}, err
	}
	return s.store.ListUsers(ctx, in)
}

// Count counts the users that pass a filter. It needs the same scope as List.
// The error is Denied.
func (s *Users) Count(ctx context.Context, caller domain.Principal, in ports.CountUsers) (domain.Total, error) {
	if err := mayList(caller, in.Filter); err != nil {
		return domain.Total{}, err
	}
	return s.store.CountUsers(ctx, in)
}

// Changes returns the users that were written, deleted or erased since a time or
// a position. It needs the scope read. The error is Denied.
func (s *Users) Changes(ctx context.Context, caller domain.Principal, in ports.ListChanges) (ports.Changes, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return ports.Changes{}, err
	}
	return s.store.ListChanges(ctx, in)
}

func mayList(caller domain.Principal, filter ports.UserFilter) error {
	if filter.Deleted.Shows() {
		return caller.Require(domain.ScopeAdmin)
	}
	return caller.Require(domain.ScopeRead)
}
