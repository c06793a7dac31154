package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// PatchUser changes some fields of a user. One that is zero or nil stays as it
// is.
type PatchUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch     domain.Version
	Username    domain.Username
	Email       domain.Email
	DisplayName domain.DisplayName
	Status      domain.Status
	ExternalID  domain.ExternalID
	// NoExternalID removes the external id; ExternalID is zero then.
	NoExternalID bool
	// Attributes is merged into the attributes.
	Attributes *domain.AttributesPatch
	// NoAttributes empties the attributes before Attributes is merged into them.
	NoAttributes bool
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// Patch changes some fields of a user. It needs the scope write; see
// domain.Principal.RequireUserChange for bound callers. The error is Denied, or
// that of ports.UserWriter.
func (s *Users) Patch(ctx context.Context, caller domain.Principal, in PatchUser) (domain.User, error) {
	now := domain.Instant(s.clock.Now())
	fields := shared{username: in.Username, email: in.Email, externalID: in.ExternalID, noExternalID: in.NoExternalID, status: in.Status}
	return s.change(ctx, caller, in.ID, in.IfMatch, fields, func(ifMatch domain.Version) (domain.User, error) {
		return s.store.PatchUser(by(ctx, caller), ports.PatchUser{
			ID: in.ID, Within: caller.Within, IfMatch: ifMatch, Username: in.Username, Email: in.Email, DisplayName: in.DisplayName,
			Status: in.Status, ExternalID: in.ExternalID, NoExternalID: in.NoExternalID, Attributes: in.Attributes,
			NoAttributes: in.NoAttributes, At: now, Idempotency: in.Idempotency.command(caller, now),
		})
	})
}
