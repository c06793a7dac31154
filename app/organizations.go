package app

import (
	"context"

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
	return s.store.CreateOrganization(ctx, ports.CreateOrganization{
		Organization: organization, Owner: in.Owner, Idempotency: in.Idempotency.command(caller, now),
	})
}

// Get returns an organization by its id. The error is Denied or NotFound.
func (s *Organizations) Get(ctx context.Context, caller domain.Principal, id domain.OrganizationID) (domain.Organization, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.Organization{}, err
	}
	return s.store.OrganizationByID(ctx, id)
}

// GetBySlug returns an organization by its slug. The error is Denied or NotFound.
func (s *Organizations) GetBySlug(ctx context.Context, caller domain.Principal, slug domain.Slug) (domain.Organization, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.Organization{}, err
	}
	return s.store.OrganizationBySlug(ctx, slug)
}

// List returns a page of organizations. The error is Denied.
func (s *Organizations) List(
	ctx context.Context, caller domain.Principal, in ports.ListOrganizations,
) (ports.Page[domain.Organization], error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return ports.Page[domain.Organization]{}, err
	}
	return s.store.ListOrganizations(ctx, in)
}

// Count counts the organizations on a plan, or all where it is zero. The error
// is Denied.
func (s *Organizations) Count(
	ctx context.Context, caller domain.Principal, plan domain.PlanCode, how domain.Counting,
) (domain.Total, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.Total{}, err
	}
	return s.store.CountOrganizations(ctx, plan, how)
}

// Replace gives an organization new names or a plan. The error is Denied, or
// that of ports.OrganizationWriter.
func (s *Organizations) Replace(ctx context.Context, caller domain.Principal, in ReplaceOrganization) (domain.Organization, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return domain.Organization{}, err
	}
	return s.store.ReplaceOrganization(ctx, ports.ReplaceOrganization{
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
	return s.store.DeleteOrganization(ctx, id, ifMatch)
}

// Erasure returns the last deletion of an organization with an id. It needs the
// scope admin. The error is Denied or NotFound.
func (s *Organizations) Erasure(ctx context.Context, caller domain.Principal, id domain.OrganizationID) (ports.Erasure, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ports.Erasure{}, err
	}
	return s.store.OrganizationErasure(ctx, id)
}
