package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	// More says that the list goes on after them.
	More bool
	// Memo belongs to all callers who were given this very page; nil where no
	// other caller was.
	Memo *Memo
}

// UserFilter chooses users. What is zero lets all pass; what is not must all
// be met. Organization, Role and Plan must be met by one and the same membership.
type UserFilter struct {
	Deleted      domain.Deletion
	Status       domain.Status
	Organization domain.OrganizationID
	Role         domain.Role
	// Plan is that of an organization to which the user belongs.
	Plan        domain.PlanCode
	EmailDomain domain.EmailDomain
	// CreatedFrom belongs to the range, CreatedTo does not.
	CreatedFrom, CreatedTo time.Time
}

// ListUsers asks for a page of users.
type ListUsers struct {
	Filter UserFilter
	Order  domain.UserOrder
	// After is the place after which the page begins; nil is the beginning.
	After *domain.UserPosition
	// Limit is the most users in the answer.
	Limit domain.PageSize
}

// CountUsers asks how many users a filter lets pass.
type CountUsers struct {
	Filter UserFilter
	How    domain.Counting
}

// UserChange is the present state of a user that was written.
type UserChange struct {
	// User holds no more than ID, UpdatedAt, DeletedAt and Version where it is
	// deleted, and no Version either where it is erased.
	User domain.User
	// At is the change's place among all.
	At ChangePosition
}

// ChangePosition is a place in the order of changes. Its values mean nothing
// to anybody but the store that gave it.
type ChangePosition struct {
	Change uint64
	ID     domain.UserID
}

// Changes is a part of the list of all changes.
type Changes struct {
	Items []UserChange
	// Next is the place after which the list goes on, now or later.
	Next ChangePosition
}

// ListChanges asks what was written since.
type ListChanges struct {
	// Since is the time from which on changes count; it matters where After is nil.
	Since time.Time
	// After is the place of the last change that the caller knows.
	After *ChangePosition
	// Limit is the most changes in the answer.
	Limit domain.PageSize
}

// UserLister lists users.
type UserLister interface {
	// ListUsers returns users in the order asked for. Whoever walks the pages,
	// each After the Position of the last user of the page before, meets every
	// user that is there and passes the filter during the whole walk, and whose
	// value in the order does not change, exactly once.
	ListUsers(context.Context, ListUsers) (Page[domain.User], error)
	// CountUsers counts within bounded time. The Kind of the Total says what
	// the number is: what was asked for, or better, or, where that would have
	// taken too long, an estimate.
	CountUsers(context.Context, CountUsers) (domain.Total, error)
	// ListChanges returns the users that were written, each in its present
	// state, once, at the place of its last change, those that were deleted or
	// erased included. A change that was acknowledged is never passed over: one
	// that is still under way elsewhere holds back those after it. It sees
	// every write acknowledged before the call, unless one that began before
	// it is still under way.
	ListChanges(context.Context, ListChanges) (Changes, error)
}
