package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// UserReader finds users by their exact names. Unless a method says otherwise,
// a deleted user is not found.
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
	// UsersByID returns those of the users that exist, each once, in the order
	// in which ids first names them.
	UsersByID(ctx context.Context, ids []domain.UserID) ([]domain.User, error)
}

// CreateUser adds a user as it is.
type CreateUser struct {
	User domain.User
	// Idempotency, unless nil, makes a repeated command one.
	Idempotency *Idempotency
}

// ReplaceUser gives a user new names. What is zero or nil stays as it is.
type ReplaceUser struct {
	ID domain.UserID
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
	// Idempotency, unless nil, makes a repeated command one.
	Idempotency *Idempotency
}

// PatchUser changes some of what a user is. What is zero or nil stays as it is.
type PatchUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch     domain.Version
	Username    domain.Username
	Email       domain.Email
	DisplayName domain.DisplayName
	Status      domain.Status
	ExternalID  domain.ExternalID
	// NoExternalID takes the external id away; ExternalID is zero then.
	NoExternalID bool
	// Attributes is merged into the attributes.
	Attributes *domain.AttributesPatch
	// NoAttributes empties the attributes, before Attributes is merged into them.
	NoAttributes bool
	// At becomes UpdatedAt.
	At time.Time
	// Idempotency, unless nil, makes a repeated command one.
	Idempotency *Idempotency
}

// DeleteUser takes a user out of the directory; its names are free again.
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

// EraseUser removes what is kept about a user, deleted or not, for good.
type EraseUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch domain.Version
}

// UserWriter changes users.
type UserWriter interface {
	// CreateUser stores the user as it is and returns it. Where another user
	// that is not deleted has its username, email or external id, the error is
	// a Conflict (ReasonTaken) that names the field; where its ID is in use, a
	// Conflict that names "id"; or one that Idempotency names.
	CreateUser(context.Context, CreateUser) (domain.User, error)
	// ReplaceUser applies the command, adds one to the version and returns the
	// user. The error is NotFound; Stale (ReasonVersion) where IfMatch is not
	// the stored version; a Conflict (ReasonTaken) as for CreateUser; a
	// Conflict (ReasonLastOwner) where a suspension would leave an
	// organization without an active owner; or one that Idempotency names.
	ReplaceUser(context.Context, ReplaceUser) (domain.User, error)
	// PatchUser applies the command, adds one to the version and returns the
	// user. The errors are those of ReplaceUser, or Invalid (ReasonRange),
	// which names "attributes", where they would be too large.
	PatchUser(context.Context, PatchUser) (domain.User, error)
	// DeleteUser marks the user as deleted. The error is NotFound; Stale
	// (ReasonVersion); a Conflict (ReasonLastOwner) where the user is the last
	// active owner of an organization.
	DeleteUser(context.Context, DeleteUser) error
	// RestoreUser undoes a deletion, adds one to the version and returns the
	// user; one that is not deleted is returned as it is. The error is
	// NotFound; Stale (ReasonVersion); a Conflict (ReasonTaken) that names the
	// field that another user has since taken; a Conflict (ReasonSeats) where an
	// organization of the user's has no seat left.
	RestoreUser(context.Context, RestoreUser) (domain.User, error)
	// EraseUser removes the user and its memberships, cuts it out of its
	// events, and leaves no more than a tombstone: its ID and the time. The
	// errors are those of DeleteUser.
	EraseUser(context.Context, EraseUser) error
}

// Users is all that a store does for users.
type Users interface {
	UserReader
	UserLister
	UserSearcher
	UserWriter
}
