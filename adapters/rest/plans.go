package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListPlans answers with every plan.
func (h *handlers) ListPlans(ctx context.Context, request listPlansRequest) (listPlansResponse, error) {
	plans, err := h.plans.List(ctx, request.caller)
	if err != nil {
		return nil, err
	}
	out := newAnswer()
	out.buf = appendList(out.buf, plans, appendPlan)
	return listPlans200{out}, nil
}

// GetPlan answers with one plan.
func (h *handlers) GetPlan(ctx context.Context, request getPlanRequest) (getPlanResponse, error) {
	code, err := planCode(request.path.Code)
	if err != nil {
		return nil, err
	}
	plan, err := h.plans.Get(ctx, request.caller, code)
	if err != nil {
		return nil, err
	}
	return getPlan200{onePlan(&plan)}, nil
}

// PutPlan stores a plan under its code.
func (h *handlers) PutPlan(ctx context.Context, request putPlanRequest) (putPlanResponse, error) {
	code, badCode := planCode(request.path.Code)
	body, faults := request.read()
	name, badName := domain.ParsePlanName(body.Name)
	seats, badSeats := seats(body.Seats)
	if err := errors.Join(badCode, onlyAny(&request.ifNoneMatch), faults, badName, badSeats); err != nil {
		return nil, err
	}
	plan := domain.Plan{Code: code, Name: name, Seats: seats}
	created, err := h.plans.Put(ctx, request.caller, ports.PutPlan{Plan: plan, OnlyNew: request.ifNoneMatch.any})
	if err != nil {
		return nil, err
	}
	out := onePlan(&plan)
	out.minimal = request.prefer.minimal
	switch {
	case created:
		out.location = "/plans/" + code.String()
		return putPlan201{out}, nil
	case out.minimal:
		return putPlan204{out}, nil
	}
	return putPlan200{out}, nil
}

// DeletePlan removes a plan.
func (h *handlers) DeletePlan(ctx context.Context, request deletePlanRequest) (deletePlanResponse, error) {
	code, err := planCode(request.path.Code)
	if err != nil {
		return nil, err
	}
	return deletePlan204{}, h.plans.Delete(ctx, request.caller, code)
}

// planCode reads the code in a plan's path, where it is no plan's but its own.
func planCode(text string) (domain.PlanCode, error) {
	code, err := domain.ParsePlanCode(text)
	if fault, ok := errors.AsType[*domain.Error](err); ok {
		own := *fault
		own.Field = "code"
		err = &own
	}
	return code, inParameter(err)
}

// seats parses the limit of a plan; without one there is none.
func seats(n *int) (domain.Seats, error) {
	if n == nil {
		return domain.Seats{}, nil
	}
	return domain.ParseSeats(int64(*n))
}

// onlyAny refuses tags where only an asterisk means something: a plan has no
// version that a caller could know.
func onlyAny(m *ifNoneMatch) error {
	if m.absent() || m.any {
		return nil
	}
	return inParameter(&domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: "If-None-Match",
		Detail: "is not *, and a plan has no ETag", Fix: "send * to add a plan only, or leave the header out",
	})
}

func onePlan(plan *domain.Plan) *answer {
	a := newAnswer()
	a.buf = appendPlan(a.buf, plan)
	return a
}
