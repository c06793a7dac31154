package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// Page is a page of a list.
type Page[T any] struct {
	Items []T
	// More says that the list continues after them.
	More bool
	// Memo belongs to all callers who were given this very page; nil where no
	// other caller was.
	Memo *Memo
}

// UserFilter selects users. A field that is zero lets all pass; the others must
// all match. Organization, Role and Plan must match the same membership.
type UserFilter struct {
	Deleted      domain.Deletion
	Status       domain.Status
	Organization domain.OrganizationID
	Role         domain.Role
	// Plan is that of an organization of the user.
	Plan        domain.PlanCode
	EmailDomain domain.EmailDomain
	// The range includes CreatedFrom, but not CreatedTo.
	CreatedFrom, CreatedTo time.Time
}

// ListUsers asks for a page of users.
type ListUsers struct {
	Filter UserFilter
	Order  domain.UserOrder
	// After is the position after which the page begins; nil is the beginning.
	After *domain.UserPosition
	// Limit is the most users of the page.
	Limit domain.PageSize
}

// CountUsers asks how many users pass a filter.
type CountUsers struct {
	Filter UserFilter
	How    domain.Counting
}

// UserChange is the current state of a user that was written.
type UserChange struct {
	// User has only ID, UpdatedAt, DeletedAt and Version where it is deleted, and
	// not even a Version where it is erased.
	User domain.User
	// At is the position of the change.
	At ChangePosition
}

// ChangePosition is a position in the order of changes. Only the store that gave
// it knows what its values mean.
type ChangePosition struct {
	Change uint64
	ID     domain.UserID
	// Timeline names the history of the store to which the position belongs. It is zero
	// if the position is from before histories had names.
	Timeline [16]byte
	// Seen is the last change that a reader of all pages up to here has received.
	Seen uint64
}

// Lost is the Gone error of a ChangePosition that belongs to a lost history: its reader
// has received changes that are not in the directory, which was restored to an earlier
// moment. To read on from there would keep them, and skip others.
func Lost() error {
	return &domain.Error{
		Kind: domain.Gone, Reason: domain.ReasonLost, Field: "cursor",
		Detail: "is of changes that were lost when the directory was restored to an earlier moment",
		Fix:    "read all users again from the beginning: without the cursor, and with changed_since=0001-01-01T00:00:00Z",
	}
}

// Changes is a page of the list of all changes.
type Changes struct {
	Items []UserChange
	// Next is the position after which the list continues, now or later.
	Next ChangePosition
}

// ListChanges asks which users were written since a time or a position.
type ListChanges struct {
	// Within, unless it is zero, selects the changes of the organization's members,
	// deleted ones included. Erased users are members of none.
	Within domain.OrganizationID
	// Since is the time of the first changes. It matters only where After is nil.
	Since time.Time
	// After is the position of the last change that the caller knows.
	After *ChangePosition
	// Limit is the most changes of the page.
	Limit domain.PageSize
}

// UserLister lists users.
type UserLister interface {
	// ListUsers returns users in the order asked for. A caller reads on with the
	// Position of the last user as After. Its pages show a user exactly once if
	// the user exists, passes the filter and keeps its value in the order all
	// that time.
	ListUsers(context.Context, ListUsers) (Page[domain.User], error)
	// CountUsers counts in bounded time. The Kind of the Total says what the
	// number is: what the caller asked for or better, or an estimate where
	// counting would take too long.
	CountUsers(context.Context, CountUsers) (domain.Total, error)
	// ListChanges returns the users that were written, deleted or erased, each
	// once, in its current state, at the position of its last change. It never
	// skips an acknowledged change: a write that is still running holds back the
	// changes after it. So it sees every write acknowledged before the call,
	// unless an earlier write is still running. The error is that of Lost if the
	// directory lost changes up to After that the reader has received.
	ListChanges(context.Context, ListChanges) (Changes, error)
}
