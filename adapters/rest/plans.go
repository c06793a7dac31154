package rest

import (
	"context"
	"errors"
	"strconv"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListPlans answers with every plan.
func (h *handlers) ListPlans(ctx context.Context, request listPlansRequest) (listPlansResponse, error) {
	plans, err := h.plans.List(ctx, request.caller)
	if err != nil {
		return nil, err
	}
	return listPlans200{listOf(plans, appendPlan)}, nil
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
	return getPlan200{itemOf(&plan, appendPlan)}, nil
}

// PutPlan stores a plan under its code.
func (h *handlers) PutPlan(ctx context.Context, request putPlanRequest) (putPlanResponse, error) {
	code, badCode := planCode(request.path.Code)
	body, faults := request.read()
	name, badName := domain.ParsePlanName(body.Name)
	seats, badSeats := parseSeats(body.Seats)
	if err := errors.Join(badCode, faults, badName, badSeats); err != nil {
		return nil, err
	}
	plan := domain.Plan{Code: code, Name: name, Seats: seats}
	created, err := h.plans.Put(ctx, request.caller, ports.PutPlan{Plan: plan, OnlyNew: request.ifNoneMatch.any})
	if err != nil {
		return nil, err
	}
	out := itemOf(&plan, appendPlan)
	out.minimal = request.minimal
	switch {
	case created:
		out.location = code.String()
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

// planCode reads the code in the path of a plan. A fault names the parameter code.
func planCode(text string) (domain.PlanCode, error) {
	code, err := domain.ParsePlanCode(text)
	return code, inParameter(domain.InField("code", err))
}

// parseSeats parses the seats of a plan; null is no limit.
func parseSeats(n *int) (domain.Seats, error) {
	if n == nil {
		return domain.Seats{}, nil
	}
	return domain.ParseSeats(int64(*n))
}

func appendPlan(b []byte, p *domain.Plan) []byte {
	b = appendString(append(b, `{"code":`...), p.Code.String())
	b = appendString(append(b, `,"name":`...), p.Name.String())
	b = append(b, `,"seats":`...)
	if seats, limited := p.Seats.Limit(); limited {
		return append(strconv.AppendInt(b, int64(seats), 10), '}')
	}
	return append(b, `null}`...)
}
