package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Delete deletes a user, which Restore undoes. ifMatch is the version that the
// user must have, 0 for any. It needs the scope write. The error is Denied, or
// that of ports.UserWriter.
func (s *Users) Delete(ctx context.Context, caller domain.Principal, id domain.UserID, ifMatch domain.Version) error {
	if err := caller.Require(domain.ScopeWrite); err != nil {
		return err
	}
	return s.store.DeleteUser(by(ctx, caller), ports.DeleteUser{ID: id, IfMatch: ifMatch, At: domain.Instant(s.clock.Now())})
}
