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
	Members(context.Context, ListMembers) (Page[domain.Membership], error)
	// OrganizationsOf returns the organizations to which the user belongs, by
	// the bytes of their names and then ID. The error is NotFound where the user does not exist.
	OrganizationsOf(context.Context, ListAffiliations) (Page[domain.Affiliation], error)
}

// ListMembers asks for a page of an organization's members.
type ListMembers struct {
	Organization domain.OrganizationID
	// Role, unless it is zero, is the role that they have.
	Role domain.Role
	// After is the member after whom the page begins, of whom JoinedAt and User
	// matter; nil is the beginning.
	After *domain.Membership
	// Limit is the most members in the answer.
	Limit domain.PageSize
}

// ListAffiliations asks for a page of the organizations to which a user belongs.
type ListAffiliations struct {
	User domain.UserID
	// After is the place, by name, after which the page begins; nil is the beginning.
	After *domain.OrganizationPosition
	// Limit is the most organizations in the answer.
	Limit domain.PageSize
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

// PutPlan stores a plan.
type PutPlan struct {
	Plan domain.Plan
	// OnlyNew refuses to replace a plan.
	OnlyNew bool
}

// Plans keeps what organizations can subscribe to.
type Plans interface {
	// ListPlans returns every plan, by code.
	ListPlans(context.Context) ([]domain.Plan, error)
	// PlanByCode returns the plan, or a NotFound error.
	PlanByCode(context.Context, domain.PlanCode) (domain.Plan, error)
	// PutPlan stores the plan under its code, and reports whether it is new.
	// The error is a Conflict (ReasonSeats) where an organization on it has
	// more members, or Stale (ReasonVersion) where OnlyNew is set and there is
	// one under the code.
	PutPlan(context.Context, PutPlan) (created bool, err error)
	// DeletePlan removes a plan. The error is NotFound, or a Conflict
	// (ReasonInUse) while an organization is on it.
	DeletePlan(context.Context, domain.PlanCode) error
}
