package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// List returns the newest users. It needs the scope read. The error is Denied.
func (s *Users) List(ctx context.Context, caller domain.Principal, in ports.ListUsers) ([]domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	return s.store.ListUsers(ctx, in)
}
