package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Search returns the users that a term describes, best first. It needs the scope
// read, or admin where the filter includes deleted users. The error is Denied.
func (s *Users) Search(ctx context.Context, caller domain.Principal, in ports.SearchUsers) (ports.FoundUsers, error) {
	visible, err := confine(caller, &in.Filter)
	if err != nil || !visible {
		return ports.FoundUsers{}, err
	}
	return s.store.SearchUsers(ctx, in)
}
