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
	// ListOrganizations returns organizations in the order asked for. Walking
	// the pages is as safe as that of UserLister.ListUsers.
	ListOrganizations(context.Context, ListOrganizations) (Page[domain.Organization], error)
	// CountOrganizations counts those on a plan, or all where it is zero, as
	// UserLister.CountUsers does.
	CountOrganizations(context.Context, domain.PlanCode, domain.Counting) (domain.Total, error)
}

// ListOrganizations asks for a page of organizations.
type ListOrganizations struct {
	// Plan, unless it is zero, is the plan that they are on.
	Plan  domain.PlanCode
	Order domain.OrganizationOrder
	// After is the place after which the page begins; nil is the beginning.
	After *domain.OrganizationPosition
	// Limit is the most organizations in the answer.
	Limit domain.PageSize
}

// CreateOrganization makes an organization with its first owner.
type CreateOrganization struct {
	Organization domain.Organization
	Owner        domain.UserID
	// Idempotency, unless nil, makes a repeated command one.
	Idempotency *Idempotency
}

// ReplaceOrganization gives an organization new names or a plan. Of Name, Slug
// and Plan, what is zero stays as it is.
type ReplaceOrganization struct {
	ID domain.OrganizationID
	// IfMatch is the version that the organization must have; 0 accepts any.
	IfMatch domain.Version
	Name    domain.OrganizationName
	Slug    domain.Slug
	Plan    domain.PlanCode
	// Idempotency, unless nil, makes a repeated command one.
	Idempotency *Idempotency
}

// OrganizationWriter changes organizations.
type OrganizationWriter interface {
	// CreateOrganization stores the organization and its owner's membership,
	// joined when the organization was created. The error is a Conflict
	// (ReasonTaken) that names "slug" or "id"; Invalid (ReasonUnknown) that
	// names "plan" or "owner", who has to be an active user; or one that
	// Idempotency names.
	CreateOrganization(context.Context, CreateOrganization) (domain.Organization, error)
	// ReplaceOrganization applies the command and adds one to the version. The
	// error is NotFound; Stale (ReasonVersion); a Conflict (ReasonTaken) that
	// names "slug"; Invalid (ReasonUnknown) that names "plan"; a Conflict
	// (ReasonSeats) where the plan has fewer seats than there are members; or
	// one that Idempotency names.
	ReplaceOrganization(context.Context, ReplaceOrganization) (domain.Organization, error)
	// DeleteOrganization removes the organization with its memberships and
	// events. The error is NotFound, or Stale where ifMatch is not 0 and not
	// the stored version.
	DeleteOrganization(ctx context.Context, id domain.OrganizationID, ifMatch domain.Version) error
}

// Organizations is all that a store does for organizations.
type Organizations interface {
	OrganizationReader
	OrganizationWriter
}
