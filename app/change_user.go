package app

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
)

// maxChanges bounds how often a change is tried again because others change the
// same user.
const maxChanges = 20

// shared are the new values of the fields of a user that the policy knows of. One
// that is zero stays as it is.
type shared struct {
	username     domain.Username
	email        domain.Email
	externalID   domain.ExternalID
	noExternalID bool
	status       domain.Status
}

func (c shared) apply(user domain.User) domain.User {
	if c.username != (domain.Username{}) {
		user.Username = c.username
	}
	if c.email != (domain.Email{}) {
		user.Email = c.email
	}
	if c.noExternalID || !c.externalID.IsZero() {
		user.ExternalID = c.externalID
	}
	if c.status != "" {
		user.Status = c.status
	}
	return user
}

// change checks the scope write and the policy for some fields of a user, and
// writes. Where the policy depends on the user, it is read first, and written only
// while it is at the version that was read.
func (s *Users) change(
	ctx context.Context, caller domain.Principal, id domain.UserID, ifMatch domain.Version, fields shared,
	write func(domain.Version) (domain.User, error),
) (user domain.User, err error) {
	if err := caller.RequireWithin(domain.ScopeWrite); err != nil {
		return domain.User{}, err
	}
	if caller.Within.IsZero() || fields == (shared{}) {
		return write(ifMatch)
	}
	for range maxChanges {
		stored, err := within(ctx, caller, id, s.store.UserByID, s.store.UserByIDWithin)
		switch {
		case err != nil:
			return domain.User{}, err
		case ifMatch != 0 && ifMatch < stored.Version:
			// Versions only grow: this is stale, or repeats a command under its key.
			return write(ifMatch)
		case ifMatch > stored.Version:
			return domain.User{}, domain.Outdated("user", stored.Version, ifMatch)
		}
		next := fields.apply(stored)
		if err := caller.RequireUserChange(&stored, &next); err != nil {
			return domain.User{}, err
		}
		if user, err = write(stored.Version); ifMatch != 0 || !errors.Is(err, domain.Stale) {
			return user, err
		}
	}
	return domain.User{}, &domain.Error{
		Kind: domain.Unavailable, Reason: domain.ReasonOverloaded, Detail: "the user is changed by many at the same time", Fix: "try again later",
	}
}
