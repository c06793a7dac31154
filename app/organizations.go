package app

import (
	"cmp"
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Organizations is the service for organizations. Reading needs the scope read,
// writing the scope admin.
type Organizations struct {
	store ports.Organizations
	clock ports.Clock
	ids   ports.IDs
}

// NewOrganizations makes the service.
func NewOrganizations(store ports.Organizations, clock ports.Clock, ids ports.IDs) *Organizations {
	return &Organizations{store: store, clock: clock, ids: ids}
}

// CreateOrganization is a new organization and its first owner.
type CreateOrganization struct {
	Name  domain.OrganizationName
	Slug  domain.Slug
	Plan  domain.PlanCode
	Owner domain.UserID
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

// Create adds an organization with its first owner. The error is Denied, or
// that of ports.OrganizationWriter.
func (s *Organizations) Create(ctx context.Context, caller domain.Principal, in CreateOrganization) (domain.Organization, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return domain.Organization{}, err
	}
	now := s.clock.Now()
	organization := domain.NewOrganization(s.ids.NewID(), in.Name, in.Slug, in.Plan, now)
	return s.store.CreateOrganization(by(ctx, caller), ports.CreateOrganization{
		Organization: organization, Owner: in.Owner, Idempotency: in.Idempotency.command(caller, now),
	})
}

// Get returns an organization by its id. The error is Denied or NotFound.
func (s *Organizations) Get(ctx context.Context, caller domain.Principal, id domain.OrganizationID) (domain.Organization, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return domain.Organization{}, err
	}
	return s.seen(ctx, caller, id)
}

// seen reads an organization that the caller may know.
func (s *Organizations) seen(ctx context.Context, caller domain.Principal, id domain.OrganizationID) (domain.Organization, error) {
	if err := caller.RequireSight(id); err != nil {
		return domain.Organization{}, err
	}
	return s.store.OrganizationByID(ctx, id)
}

// GetBySlug returns an organization by its slug. The error is Denied or NotFound.
func (s *Organizations) GetBySlug(ctx context.Context, caller domain.Principal, slug domain.Slug) (domain.Organization, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return domain.Organization{}, err
	}
	if caller.Within.IsZero() {
		return s.store.OrganizationBySlug(ctx, slug)
	}
	own, err := s.store.OrganizationByID(ctx, caller.Within)
	if err == nil && own.Slug != slug || errors.Is(err, domain.NotFound) {
		return domain.Organization{}, domain.Absent("organization", slug)
	}
	return own, err
}

// List returns a page of organizations. The error is Denied.
func (s *Organizations) List(
	ctx context.Context, caller domain.Principal, in ports.ListOrganizations,
) (ports.Page[domain.Organization], error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return ports.Page[domain.Organization]{}, err
	}
	if caller.Within.IsZero() {
		return s.store.ListOrganizations(ctx, in)
	}
	own, err := s.own(ctx, caller, in.Plan)
	if len(own) > 0 && !in.Order.Follows(own[0], in.After) {
		own = nil
	}
	return ports.Page[domain.Organization]{Items: own}, err
}

// own is the organization of a bound caller if it is on a plan, or on any where the
// plan is zero.
func (s *Organizations) own(ctx context.Context, caller domain.Principal, plan domain.PlanCode) ([]domain.Organization, error) {
	own, err := s.store.OrganizationByID(ctx, caller.Within)
	switch {
	case err != nil:
		return nil, unlessAbsent(err)
	case plan != domain.PlanCode{} && own.Plan != plan:
		return nil, nil
	}
	return []domain.Organization{own}, nil
}

// Count counts the organizations on a plan, or all where it is zero. The error
// is Denied.
func (s *Organizations) Count(
	ctx context.Context, caller domain.Principal, plan domain.PlanCode, how domain.Counting,
) (domain.Total, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return domain.Total{}, err
	}
	if caller.Within.IsZero() {
		return s.store.CountOrganizations(ctx, plan, how)
	}
	own, err := s.own(ctx, caller, plan)
	total := none(how)
	if total.Kind == domain.CountExact {
		total.N = int64(len(own))
	}
	return total, err
}

// Replace gives an organization new names or a plan; see
// domain.Principal.RequireOrganizationChange for bound callers. The error is Denied,
// or that of ports.OrganizationWriter.
func (s *Organizations) Replace(ctx context.Context, caller domain.Principal, in ReplaceOrganization) (domain.Organization, error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return domain.Organization{}, err
	}
	if !caller.Within.IsZero() {
		stored, err := s.seen(ctx, caller, in.ID)
		if err != nil {
			return domain.Organization{}, err
		}
		next := stored
		next.Slug, next.Plan = cmp.Or(in.Slug, stored.Slug), cmp.Or(in.Plan, stored.Plan)
		if err := caller.RequireOrganizationChange(&stored, &next); err != nil {
			return domain.Organization{}, err
		}
		// They stay as they are, also where another caller changes them meanwhile.
		in.Slug, in.Plan = domain.Slug{}, domain.PlanCode{}
	}
	return s.store.ReplaceOrganization(by(ctx, caller), ports.ReplaceOrganization{
		ID: in.ID, IfMatch: in.IfMatch, Name: in.Name, Slug: in.Slug, Plan: in.Plan,
		Idempotency: in.Idempotency.command(caller, s.clock.Now()),
	})
}

// Delete removes an organization with its memberships and events; ifMatch is
// the version it must have, 0 for any. The error is Denied, or that of
// ports.OrganizationWriter.
func (s *Organizations) Delete(
	ctx context.Context, caller domain.Principal, id domain.OrganizationID, ifMatch domain.Version,
) (ports.Erasure, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ports.Erasure{}, err
	}
	return s.store.DeleteOrganization(by(ctx, caller), id, ifMatch)
}

// Erasure returns the last deletion of an organization with an id. It needs the
// scope admin. The error is Denied or NotFound.
func (s *Organizations) Erasure(ctx context.Context, caller domain.Principal, id domain.OrganizationID) (ports.Erasure, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ports.Erasure{}, err
	}
	return s.store.OrganizationErasure(ctx, id)
}
