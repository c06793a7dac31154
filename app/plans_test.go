package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var (
	free    = domain.MustParse(domain.ParsePlanCode("free"))
	putFree = ports.PutPlan{Plan: domain.Plan{Code: free}, OnlyNew: true}
)

func TestPlansAreReadByReadersAndWrittenByAdministrators(t *testing.T) {
	plans := app.NewPlans(&portsmock.PlansMock{}, nil)
	refuses(t, func(c domain.Principal) error { _, err := plans.List(ctx, c); return err }, writer)
	refuses(t, func(c domain.Principal) error { _, err := plans.Get(ctx, c, free); return err }, writer)
	refuses(t, func(c domain.Principal) error { _, err := plans.Put(ctx, c, putFree); return err }, reader, writer)
	refuses(t, func(c domain.Principal) error { return plans.Delete(ctx, c, free) }, reader, writer)
}

func TestThePlanStoreIsAskedAndItsErrorPassedOn(t *testing.T) {
	plans := app.NewPlans(&portsmock.PlansMock{
		ListPlansFunc:  func(context.Context) ([]domain.Plan, error) { return nil, errStore },
		PlanByCodeFunc: func(_ context.Context, c domain.PlanCode) (domain.Plan, error) { return domain.Plan{Code: c}, errStore },
		PutPlanFunc: func(_ context.Context, in ports.PutPlan) (bool, error) {
			if in != putFree {
				t.Errorf("the store was given %+v", in)
			}
			return true, errStore
		},
		DeletePlanFunc: func(_ context.Context, c domain.PlanCode) error {
			if c != free {
				t.Errorf("the store was told to delete %v", c)
			}
			return errStore
		},
	}, nil)
	_, err := plans.List(ctx, reader)
	passes(t, err)
	got, err := plans.Get(ctx, reader, free)
	passes(t, err)
	created, err := plans.Put(ctx, admin, putFree)
	passes(t, err)
	if got.Code != free || !created {
		t.Errorf("got %+v, created: %t", got, created)
	}
	passes(t, plans.Delete(ctx, admin, free))
}
