package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// CreateUser is a new user. Only Username and Email are required.
type CreateUser struct {
	Username   domain.Username
	Email      domain.Email
	ExternalID domain.ExternalID
	// DisplayName is the username unless it is given.
	DisplayName domain.DisplayName
	Attributes  *domain.Attributes
	// Status is active unless it is given.
	Status domain.Status
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// Create adds a user. It needs the scope write. The error is Denied, or that
// of ports.UserWriter.
func (s *Users) Create(ctx context.Context, caller domain.Principal, in CreateUser) (domain.User, error) {
	if err := caller.Require(domain.ScopeWrite); err != nil {
		return domain.User{}, err
	}
	now := s.clock.Now()
	user := domain.NewUser(s.ids.NewID(), in.Username, in.Email, now)
	user.ExternalID = in.ExternalID
	if !in.DisplayName.IsZero() {
		user.DisplayName = in.DisplayName
	}
	if in.Attributes != nil {
		user.Attributes = *in.Attributes
	}
	if in.Status != "" {
		user.Status = in.Status
	}
	return s.store.CreateUser(by(ctx, caller), ports.CreateUser{User: user, Idempotency: in.Idempotency.command(caller, now)})
}
