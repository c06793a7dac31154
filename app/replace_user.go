package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ReplaceUser gives a user new values. Of the fields after Email, one that is
// zero or nil stays as it is.
type ReplaceUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch     domain.Version
	Username    domain.Username
	Email       domain.Email
	ExternalID  domain.ExternalID
	DisplayName domain.DisplayName
	Attributes  *domain.Attributes
	Status      domain.Status
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// Replace gives a user new values. It needs the scope write; see
// domain.Principal.RequireUserChange for bound callers. The error is Denied, or
// that of ports.UserWriter.
func (s *Users) Replace(ctx context.Context, caller domain.Principal, in ReplaceUser) (domain.User, error) {
	now := domain.Instant(s.clock.Now())
	fields := shared{username: in.Username, email: in.Email, externalID: in.ExternalID, status: in.Status}
	return s.change(ctx, caller, in.ID, in.IfMatch, fields, func(ifMatch domain.Version) (domain.User, error) {
		return s.store.ReplaceUser(by(ctx, caller), ports.ReplaceUser{
			ID: in.ID, Within: caller.Within, IfMatch: ifMatch, Username: in.Username, Email: in.Email, ExternalID: in.ExternalID,
			DisplayName: in.DisplayName, Attributes: in.Attributes, Status: in.Status,
			At: now, Idempotency: in.Idempotency.command(caller, now),
		})
	})
}
