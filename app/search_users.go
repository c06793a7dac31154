package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Search returns the users that a term describes, best first. It needs the
// scope read. The error is Denied.
func (s *Users) Search(ctx context.Context, caller domain.Principal, in ports.SearchUsers) ([]domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	return s.store.SearchUsers(ctx, in)
}
