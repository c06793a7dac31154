package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// OrganizationReader finds organizations.
type OrganizationReader interface {
	// OrganizationByID returns the organization, or a NotFound error.
	OrganizationByID(context.Context, domain.OrganizationID) (domain.Organization, error)
	// OrganizationBySlug returns the organization, or a NotFound error.
	OrganizationBySlug(context.Context, domain.Slug) (domain.Organization, error)
	// ListOrganizations returns organizations in the order asked for. Its pages
	// have the guarantee of UserLister.ListUsers.
	ListOrganizations(context.Context, ListOrganizations) (Page[domain.Organization], error)
	// CountOrganizations counts the organizations on a plan, or all where it is
	// zero, as UserLister.CountUsers does.
	CountOrganizations(context.Context, domain.PlanCode, domain.Counting) (domain.Total, error)
	// OrganizationErasure returns the last deletion of an organization with the id,
	// or a NotFound error.
	OrganizationErasure(context.Context, domain.OrganizationID) (Erasure, error)
}

// ListOrganizations asks for a page of organizations.
type ListOrganizations struct {
	// Plan, unless it is zero, selects the organizations on it.
	Plan  domain.PlanCode
	Order domain.OrganizationOrder
	// After is the position after which the page begins; nil is the beginning.
	After *domain.OrganizationPosition
	// Limit is the most organizations of the page.
	Limit domain.PageSize
}

// CreateOrganization makes an organization with its first owner.
type CreateOrganization struct {
	Organization domain.Organization
	Owner        domain.UserID
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// ReplaceOrganization gives an organization new names or a plan. Of Name, Slug
// and Plan, one that is zero stays as it is.
type ReplaceOrganization struct {
	ID domain.OrganizationID
	// IfMatch is the version that the organization must have; 0 accepts any.
	IfMatch domain.Version
	Name    domain.OrganizationName
	Slug    domain.Slug
	Plan    domain.PlanCode
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// OrganizationWriter changes organizations.
type OrganizationWriter interface {
	// CreateOrganization stores the organization and the membership of its
	// owner, who joins when the organization is created. The owner must be an
	// active user. The error is a Conflict (ReasonTaken) that names "slug" or
	// "id"; Invalid (ReasonUnknown) that names "plan" or "owner"; or one that
	// Idempotency names.
	CreateOrganization(context.Context, CreateOrganization) (domain.Organization, error)
	// ReplaceOrganization applies the command and adds one to the version. The
	// error is NotFound; Stale (ReasonVersion); a Conflict (ReasonTaken) that
	// names "slug"; Invalid (ReasonUnknown) that names "plan"; a Conflict
	// (ReasonSeats) where the plan has fewer seats than the organization has
	// members; or one that Idempotency names.
	ReplaceOrganization(context.Context, ReplaceOrganization) (domain.Organization, error)
	// DeleteOrganization removes the organization with its memberships and
	// events; many events are removed after it returns. The error is NotFound, or
	// Stale where ifMatch is not 0 and not the stored version.
	DeleteOrganization(ctx context.Context, id domain.OrganizationID, ifMatch domain.Version) (Erasure, error)
}

// Organizations is everything that a store does for organizations.
type Organizations interface {
	OrganizationReader
	OrganizationWriter
}
