package app

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Hold keeps a user, deleted or not, from being erased, until Release. It returns since
// when the user is held. It needs the scope admin. The error is Denied or NotFound.
func (s *Users) Hold(ctx context.Context, caller domain.Principal, id domain.UserID) (time.Time, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return time.Time{}, err
	}
	return s.store.HoldUser(by(ctx, caller), ports.HoldUser{ID: id, At: domain.Instant(s.clock.Now())})
}

// HeldSince returns since when a user is held. It needs the scope admin. The error is
// Denied, or NotFound where there is no such user or it is not held.
func (s *Users) HeldSince(ctx context.Context, caller domain.Principal, id domain.UserID) (time.Time, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return time.Time{}, err
	}
	at, err := s.store.UserHold(ctx, id)
	if err == nil && at.IsZero() {
		err = domain.Absent("hold of the user", id)
	}
	return at, err
}

// Release ends the hold of a user, if there is one. It needs the scope admin. The error
// is Denied or NotFound.
func (s *Users) Release(ctx context.Context, caller domain.Principal, id domain.UserID) error {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return err
	}
	return s.store.ReleaseUser(by(ctx, caller), id)
}
