package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// MembershipReader finds memberships. Deleted users have none.
type MembershipReader interface {
	// MembershipOf returns one membership, or a NotFound error.
	MembershipOf(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error)
	// Members returns the organization's members by the time when they joined,
	// then by user. The error is NotFound where the organization does not exist.
	Members(context.Context, ListMembers) (Page[domain.Membership], error)
	// OrganizationsOf returns the user's organizations, by the bytes of their
	// names and then ID. The error is NotFound where the user does not exist.
	OrganizationsOf(context.Context, ListAffiliations) (Page[domain.Affiliation], error)
}

// ListMembers asks for a page of an organization's members.
type ListMembers struct {
	Organization domain.OrganizationID
	// Role, unless it is zero, selects the members who have it.
	Role domain.Role
	// After is the member after which the page begins; nil is the beginning.
	// Only its JoinedAt and User matter.
	After *domain.Membership
	// Limit is the most members of the page.
	Limit domain.PageSize
}

// ListAffiliations asks for a page of a user's organizations.
type ListAffiliations struct {
	User domain.UserID
	// Within, unless it is zero, is the organization of a bound caller, the only one
	// in the list. A user that is no member of it does not exist for the caller.
	Within domain.OrganizationID
	// After is the position after which the page begins; nil is the beginning.
	After *domain.OrganizationPosition
	// Limit is the most organizations of the page.
	Limit domain.PageSize
}

// SetRole gives a member of an organization another role.
type SetRole struct {
	Organization domain.OrganizationID
	User         domain.UserID
	Role         domain.Role
}

// MembershipWriter changes memberships.
type MembershipWriter interface {
	// AddMember stores the membership. The error is NotFound where the
	// organization or the user does not exist; a Conflict (ReasonTaken) where
	// the user is a member already; a Conflict (ReasonSeats) where the plan has
	// no seat left.
	AddMember(context.Context, domain.Membership) (domain.Membership, error)
	// SetRole changes a role. The error is NotFound where the user is no member;
	// a Conflict (ReasonLastOwner) where the organization would have no active
	// owner.
	SetRole(context.Context, SetRole) (domain.Membership, error)
	// RemoveMember ends a membership. The errors are those of SetRole.
	RemoveMember(context.Context, domain.OrganizationID, domain.UserID) error
}

// Memberships is everything that a store does for memberships.
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

// Plans keeps plans.
type Plans interface {
	// ListPlans returns every plan, by code.
	ListPlans(context.Context) ([]domain.Plan, error)
	// PlanByCode returns the plan, or a NotFound error.
	PlanByCode(context.Context, domain.PlanCode) (domain.Plan, error)
	// PutPlan stores the plan under its code, and reports whether it is new.
	// The error is a Conflict (ReasonSeats) where an organization on it has
	// more members than seats, or Stale (ReasonVersion) where OnlyNew is set and
	// the code is in use.
	PutPlan(context.Context, PutPlan) (created bool, err error)
	// DeletePlan removes a plan. The error is NotFound, or a Conflict
	// (ReasonInUse) while an organization is on it.
	DeletePlan(context.Context, domain.PlanCode) error
}
