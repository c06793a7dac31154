package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// HoldUser keeps a user from being erased.
type HoldUser struct {
	ID domain.UserID
	// At becomes the time since when the user is held, unless it is held already.
	At time.Time
}

// UserHolder keeps users, deleted or not, from being erased.
type UserHolder interface {
	// UserHold returns since when the user is held; the zero time if it is not. The
	// error is NotFound.
	UserHold(context.Context, domain.UserID) (time.Time, error)
	// HoldUser holds the user until it is released, and returns since when. EraseUser is
	// a Conflict (ReasonHeld) meanwhile. The version stays. The error is NotFound.
	HoldUser(context.Context, HoldUser) (time.Time, error)
	// ReleaseUser ends the hold of a user, if there is one. The error is NotFound.
	ReleaseUser(context.Context, domain.UserID) error
}
