package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Plans is the service for plans. Reading needs the scope read, writing the scope
// admin.
type Plans struct{ store ports.Plans }

// NewPlans makes the service.
func NewPlans(store ports.Plans) *Plans { return &Plans{store: store} }

// List returns every plan, by code. The error is Denied.
func (s *Plans) List(ctx context.Context, caller domain.Principal) ([]domain.Plan, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	return s.store.ListPlans(ctx)
}

// Get returns a plan by its code. The error is Denied or NotFound.
func (s *Plans) Get(ctx context.Context, caller domain.Principal, code domain.PlanCode) (domain.Plan, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.Plan{}, err
	}
	return s.store.PlanByCode(ctx, code)
}

// Put stores a plan, new or replaced, and reports whether it is new. The error
// is Denied, or that of ports.Plans.
func (s *Plans) Put(ctx context.Context, caller domain.Principal, in ports.PutPlan) (created bool, err error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return false, err
	}
	return s.store.PutPlan(ctx, in)
}

// Delete removes a plan that no organization is on. The error is Denied, or
// that of ports.Plans.
func (s *Plans) Delete(ctx context.Context, caller domain.Principal, code domain.PlanCode) error {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return err
	}
	return s.store.DeletePlan(ctx, code)
}
