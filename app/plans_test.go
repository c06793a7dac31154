package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports/portsmock"
)

var free = domain.MustParse(domain.ParsePlanCode("free"))

func TestPlansAreReadByReadersAndWrittenByAdministrators(t *testing.T) {
	plans := app.NewPlans(&portsmock.PlansMock{})
	refuses(t, func(c domain.Principal) error { _, err := plans.List(ctx, c); return err }, writer)
	refuses(t, func(c domain.Principal) error { _, err := plans.Put(ctx, c, domain.Plan{Code: free}); return err }, reader, writer)
	refuses(t, func(c domain.Principal) error { return plans.Delete(ctx, c, free) }, reader, writer)
}

func TestThePlanStoreIsAskedAndItsErrorPassedOn(t *testing.T) {
	plans := app.NewPlans(&portsmock.PlansMock{
		ListPlansFunc: func(context.Context) ([]domain.Plan, error) { return nil, errStore },
		PutPlanFunc: func(_ context.Context, p domain.Plan) (domain.Plan, error) {
			if p.Code != free {
				t.Errorf("the store was given %+v", p)
			}
			return p, errStore
		},
		DeletePlanFunc: func(_ context.Context, c domain.PlanCode) error {
			if c != free {
				t.Errorf("the store was told to delete %v", c)
			}
			return errStore
		},
	})
	_, err := plans.List(ctx, reader)
	passes(t, err)
	_, err = plans.Put(ctx, admin, domain.Plan{Code: free})
	passes(t, err)
	passes(t, plans.Delete(ctx, admin, free))
}
