package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// UserReader finds users by their exact names. A deleted user is not found.
type UserReader interface {
	// UserByID returns the user, or a NotFound error.
	UserByID(context.Context, domain.UserID) (domain.User, error)
	// UserByUsername returns the user whose username has the same key, or a
	// NotFound error.
	UserByUsername(context.Context, domain.Username) (domain.User, error)
	// UserByEmail returns the user whose address has the same key, or a
	// NotFound error.
	UserByEmail(context.Context, domain.Email) (domain.User, error)
	// UsersByID returns those of the users that exist, each once, in the order
	// in which ids first names them.
	UsersByID(ctx context.Context, ids []domain.UserID) ([]domain.User, error)
}

// ListUsers asks for the newest users.
type ListUsers struct {
	// Limit is the most users in the answer.
	Limit domain.PageSize
}

// UserLister lists users.
type UserLister interface {
	// ListUsers returns users that are not deleted, by CreatedAt and then ID,
	// both descending.
	ListUsers(context.Context, ListUsers) ([]domain.User, error)
}

// SearchUsers asks for the users that a term describes best.
type SearchUsers struct {
	Term  domain.SearchTerm
	Limit domain.PageSize
}

// UserSearcher finds users by what people remember of them.
type UserSearcher interface {
	// SearchUsers returns active users whose names and address hold every word
	// of the term, in any order and case: those whose username or address is
	// the term first, then by CreatedAt and ID, both descending. It sees every
	// write acknowledged before the call.
	SearchUsers(context.Context, SearchUsers) ([]domain.User, error)
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
}

// DeleteUser takes a user out of the directory; its names are free again.
type DeleteUser struct {
	ID domain.UserID
	// IfMatch is the version that the user must have; 0 accepts any.
	IfMatch domain.Version
	// At becomes the time of deletion.
	At time.Time
}

// UserWriter changes users.
type UserWriter interface {
	// CreateUser stores the user as it is and returns it. Where another user
	// that is not deleted has its username, email or external id, the error is
	// a Conflict (ReasonTaken) that names the field; where its ID is in use, a
	// Conflict that names "id".
	CreateUser(context.Context, domain.User) (domain.User, error)
	// ReplaceUser applies the command, adds one to the version and returns the
	// user. The error is NotFound; Stale (ReasonVersion) where IfMatch is not
	// the stored version; a Conflict (ReasonTaken) as for CreateUser; a
	// Conflict (ReasonLastOwner) where a suspension would leave an
	// organization without an active owner.
	ReplaceUser(context.Context, ReplaceUser) (domain.User, error)
	// DeleteUser marks the user as deleted. The error is NotFound; Stale
	// (ReasonVersion); a Conflict (ReasonLastOwner) where the user is the last
	// active owner of an organization.
	DeleteUser(context.Context, DeleteUser) error
}

// Users is all that a store does for users.
type Users interface {
	UserReader
	UserLister
	UserSearcher
	UserWriter
}
