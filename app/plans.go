package app

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Plans is the service for plans. Reading needs the scope read, writing the scope
// admin.
type Plans struct {
	store         ports.Plans
	organizations ports.OrganizationReader // they say which plan a bound caller sees
}

// NewPlans makes the service.
func NewPlans(store ports.Plans, organizations ports.OrganizationReader) *Plans {
	return &Plans{store: store, organizations: organizations}
}

// List returns every plan, by code; for a caller that is bound to an organization,
// the plan of the organization. The error is Denied.
func (s *Plans) List(ctx context.Context, caller domain.Principal) ([]domain.Plan, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return nil, err
	}
	if caller.Within.IsZero() {
		return s.store.ListPlans(ctx)
	}
	own, err := s.organizations.OrganizationByID(ctx, caller.Within)
	if err != nil {
		return nil, unlessAbsent(err)
	}
	plan, err := s.store.PlanByCode(ctx, own.Plan)
	if err != nil {
		return nil, unlessAbsent(err)
	}
	return []domain.Plan{plan}, nil
}

// Get returns a plan by its code. The error is Denied or NotFound.
func (s *Plans) Get(ctx context.Context, caller domain.Principal, code domain.PlanCode) (domain.Plan, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return domain.Plan{}, err
	}
	if !caller.Within.IsZero() {
		own, err := s.organizations.OrganizationByID(ctx, caller.Within)
		if err == nil && own.Plan != code || errors.Is(err, domain.NotFound) {
			return domain.Plan{}, domain.Absent("plan", code)
		}
		if err != nil {
			return domain.Plan{}, err
		}
	}
	return s.store.PlanByCode(ctx, code)
}

// Put stores a plan, new or replaced, and reports whether it is new. The error
// is Denied, or that of ports.Plans.
func (s *Plans) Put(ctx context.Context, caller domain.Principal, in ports.PutPlan) (created bool, err error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return false, err
	}
	return s.store.PutPlan(by(ctx, caller), in)
}

// Delete removes a plan that no organization is on. The error is Denied, or
// that of ports.Plans.
func (s *Plans) Delete(ctx context.Context, caller domain.Principal, code domain.PlanCode) error {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return err
	}
	return s.store.DeletePlan(by(ctx, caller), code)
}

// unlessAbsent is err, or nil where it says that a thing does not exist.
func unlessAbsent(err error) error {
	if errors.Is(err, domain.NotFound) {
		return nil
	}
	return err
}
