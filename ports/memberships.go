package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// MembershipReader finds out who belongs where. Deleted users belong nowhere.
type MembershipReader interface {
	// MembershipOf returns one membership, or a NotFound error.
	MembershipOf(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error)
	// Members returns the organization's members, in the order in which they
	// joined, then by user. The error is NotFound where the organization does
	// not exist.
	Members(ctx context.Context, organization domain.OrganizationID, limit domain.PageSize) ([]domain.Membership, error)
	// OrganizationsOf returns the organizations to which the user belongs, by
	// the bytes of their names and then ID. The error is NotFound where the user does not exist.
	OrganizationsOf(context.Context, domain.UserID) ([]domain.Affiliation, error)
}

// SetRole gives a member of an organization another role.
type SetRole struct {
	Organization domain.OrganizationID
	User         domain.UserID
	Role         domain.Role
}

// MembershipWriter changes who belongs where.
type MembershipWriter interface {
	// AddMember stores the membership. The error is NotFound where the
	// organization or the user does not exist; a Conflict (ReasonTaken) where
	// the user belongs to it already; a Conflict (ReasonSeats) where the
	// plan's seats are taken.
	AddMember(context.Context, domain.Membership) (domain.Membership, error)
	// SetRole changes a role. The error is NotFound where there is no such
	// membership; a Conflict (ReasonLastOwner) where nobody else is an active
	// owner.
	SetRole(context.Context, SetRole) (domain.Membership, error)
	// RemoveMember ends a membership. The errors are those of SetRole.
	RemoveMember(context.Context, domain.OrganizationID, domain.UserID) error
}

// Memberships is all that a store does for memberships.
type Memberships interface {
	MembershipReader
	MembershipWriter
}

// Plans keeps what organizations can subscribe to.
type Plans interface {
	// ListPlans returns every plan, by code.
	ListPlans(context.Context) ([]domain.Plan, error)
	// PutPlan stores the plan under its code, new or replaced. The error is a
	// Conflict (ReasonSeats) where an organization on it has more members.
	PutPlan(context.Context, domain.Plan) (domain.Plan, error)
	// DeletePlan removes a plan. The error is NotFound, or a Conflict
	// (ReasonInUse) while an organization is on it.
	DeletePlan(context.Context, domain.PlanCode) error
}
