package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Restore brings a deleted user back. ifMatch is the version that the user must
// have, 0 for any. It needs the scope admin. The error is Denied, or that of
// ports.UserWriter.
func (s *Users) Restore(ctx context.Context, caller domain.Principal, id domain.UserID, ifMatch domain.Version) (domain.User, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return domain.User{}, err
	}
	return s.store.RestoreUser(by(ctx, caller), ports.RestoreUser{ID: id, IfMatch: ifMatch, At: domain.Instant(s.clock.Now())})
}

// Erase removes all data about a user, deleted or not, for good. ifMatch is the
// version that the user must have, 0 for any. It needs the scope admin. The error
// is Denied, or that of ports.UserWriter.
func (s *Users) Erase(
	ctx context.Context, caller domain.Principal, id domain.UserID, ifMatch domain.Version,
) (ports.Erasure, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ports.Erasure{}, err
	}
	return s.store.EraseUser(by(ctx, caller), ports.EraseUser{ID: id, IfMatch: ifMatch})
}

// Erasure returns the last erasure of a user with an id. It needs the scope admin.
// The error is Denied or NotFound.
func (s *Users) Erasure(ctx context.Context, caller domain.Principal, id domain.UserID) (ports.Erasure, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ports.Erasure{}, err
	}
	return s.store.UserErasure(ctx, id)
}
