package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// UserReader finds users by exact names. Unless a method says otherwise, it does
// not find deleted users.
type UserReader interface {
	// UserByID returns the user, or a NotFound error.
	UserByID(context.Context, domain.UserID) (domain.User, error)
	// AnyUserByID returns the user, deleted or not, or a NotFound error.
	AnyUserByID(context.Context, domain.UserID) (domain.User, error)
	// UserByUsername returns the user whose username has the same key, or a
	// NotFound error.
	UserByUsername(context.Context, domain.Username) (domain.User, error)
	// UserByEmail returns the user whose address has the same key, or a
	// NotFound error.
	UserByEmail(context.Context, domain.Email) (domain.User, error)
	// UserByExternalID returns the user, or a NotFound error.
	UserByExternalID(context.Context, domain.ExternalID) (domain.User, error)
	// UsersByID returns the users that exist, each once, in the order in which
	// ids first names them.
	UsersByID(ctx context.Context, ids []domain.UserID) ([]domain.User, error)
	// UserErasure returns the last erasure of a user with the id, or a NotFound
	// error.
	UserErasure(context.Context, domain.UserID) (Erasure, error)
}

// Within is a request of a caller that is bound to an organization. It is about the
// members of the organization only.
type Within[T any] struct {
	Organization domain.OrganizationID
	Wanted       T
}

// MemberReader is UserReader for bound callers. A user outside of the organization
// is not found, as one that does not exist: with the same error, and after as much
// work where the store can do so.
type MemberReader interface {
	// UserByIDWithin is UserByID among the members.
	UserByIDWithin(context.Context, Within[domain.UserID]) (domain.User, error)
	// UserByUsernameWithin is UserByUsername among the members.
	UserByUsernameWithin(context.Context, Within[domain.Username]) (domain.User, error)
	// UserByEmailWithin is UserByEmail among the members.
	UserByEmailWithin(context.Context, Within[domain.Email]) (domain.User, error)
	// UserByExternalIDWithin is UserByExternalID among the members.
	UserByExternalIDWithin(context.Context, Within[domain.ExternalID]) (domain.User, error)
	// UsersByIDWithin is UsersByID among the members.
	UsersByIDWithin(context.Context, Within[[]domain.UserID]) ([]domain.User, error)
}

// CreateUser adds a user as it is.
type CreateUser struct {
	User domain.User
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// ReplaceUser gives a user new values. A field that is zero or nil stays as it is.
type ReplaceUser struct {
	ID domain.UserID
	// Within, unless it is zero, is the organization of a bound caller: a user that
	// is no member is not found.
	Within domain.OrganizationID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch  domain.Version
	Username domain.Username
	Email    domain.Email
	// ExternalID, DisplayName, Attributes and Status are optional.
	ExternalID  domain.ExternalID
	DisplayName domain.DisplayName
	Attributes  *domain.Attributes
	Status      domain.Status
	// At becomes UpdatedAt.
	At time.Time
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// PatchUser changes some fields of a user. One that is zero or nil stays as it is.
type PatchUser struct {
	ID domain.UserID
	// Within, unless it is zero, is the organization of a bound caller: a user that
	// is no member is not found.
	Within domain.OrganizationID
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
	// At becomes UpdatedAt.
	At time.Time
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// DeleteUser deletes a user, whose names are free again.
type DeleteUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch domain.Version
	// At becomes the time of deletion.
	At time.Time
}

// RestoreUser brings a deleted user back, with its memberships.
type RestoreUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch domain.Version
	// At becomes UpdatedAt.
	At time.Time
}

// EraseUser removes all data about a user, deleted or not, for good.
type EraseUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch domain.Version
}

// UserWriter changes users.
type UserWriter interface {
	// CreateUser stores the user as it is and returns it. The error is a Conflict
	// (ReasonTaken) for each of username, email and external id that another
	// user, not deleted, has; a Conflict that names "id" where the ID is in use;
	// or one that Idempotency names.
	CreateUser(context.Context, CreateUser) (domain.User, error)
	// ReplaceUser applies the command, adds one to the version and returns the
	// user. The error is NotFound; Stale (ReasonVersion) where IfMatch is not
	// the stored version; Conflicts (ReasonTaken) as for CreateUser; a
	// Conflict (ReasonLastOwner) where a suspension would leave an
	// organization without an active owner; or one that Idempotency names.
	ReplaceUser(context.Context, ReplaceUser) (domain.User, error)
	// PatchUser applies the command, adds one to the version and returns the
	// user. The errors are those of ReplaceUser, or Invalid (ReasonRange),
	// which names "attributes", where they would be too large.
	PatchUser(context.Context, PatchUser) (domain.User, error)
	// DeleteUser marks the user as deleted. The error is NotFound; Stale
	// (ReasonVersion); or a Conflict (ReasonLastOwner) where the user is the last
	// active owner of an organization.
	DeleteUser(context.Context, DeleteUser) error
	// RestoreUser undoes a deletion, adds one to the version and returns the
	// user. It returns a user that is not deleted as it is. The error is
	// NotFound; Stale (ReasonVersion); Conflicts (ReasonTaken) as for
	// CreateUser; or a Conflict (ReasonSeats) where an organization of the user
	// has no seat left.
	RestoreUser(context.Context, RestoreUser) (domain.User, error)
	// EraseUser removes the user and its memberships, and unlinks its events, which lose
	// their payloads.
	// Only a tombstone stays: its ID and the time. Few events are unlinked before
	// it returns; many, later. Until the erasure is finished, a new user with the
	// ID is a Conflict (ReasonTaken). The errors are those of DeleteUser, except
	// that a user who is not active is no last owner; or a Conflict (ReasonHeld).
	EraseUser(context.Context, EraseUser) (Erasure, error)
}

// Users is everything that a store does for users.
type Users interface {
	UserReader
	MemberReader
	UserLister
	UserSearcher
	UserWriter
	UserHolder
}
