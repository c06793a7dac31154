package rest

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ReportEngagement answers with what organizations did: a page, or all as CSV.
func (h *handlers) ReportEngagement(ctx context.Context, request reportEngagementRequest) (reportEngagementResponse, error) {
	params, faults := request.read()
	in, err := newReport(params, faults)
	if err != nil {
		return nil, err
	}
	question := reportQuestion(&in)
	after, err := h.cursors.open(ctx, question, params.Cursor)
	if err != nil {
		return nil, err
	}
	if after != nil {
		in.After = &domain.EngagementPosition{Value: after.at.UnixMicro(), ID: after.id}
	}
	if request.answerType == "text/csv" {
		answer, err := h.streamReport(ctx, request.caller, in, params.Limit)
		return reportEngagement200{answer}, err
	}
	page, err := h.activity.ReportEngagement(ctx, request.caller, in)
	if err != nil {
		return nil, misasked(err)
	}
	a := pageOfAll(page, true, appendEngagement)
	next := following(page, func(last *domain.Engagement) *position {
		p := in.Order.Position(*last)
		return &position{at: time.UnixMicro(p.Value), id: p.ID}
	})
	a.link, err = h.cursors.link(ctx, pageOf("/reports/engagement", request.query), question, next)
	return reportEngagement200{whole{a}}, err
}

// misasked says that what is invalid in a report that was asked for is a parameter.
func misasked(err error) error {
	if errors.Is(err, domain.Invalid) {
		return inParameter(err)
	}
	return err
}

// newReport parses the parameters of a report but the cursor; the error lists
// the faults, too.
func newReport(p *reportEngagementParams, faults error) (ports.ReportEngagement, error) {
	limit, badLimit := pageSize(p.Limit, domain.DefaultReportSize)
	window, err1 := domain.ParseWindow(moment(p.From), moment(p.To))
	order, err2 := given(p.Sort, domain.ParseEngagementOrder)
	organization, err3 := given(p.Organization, parseOrganization)
	plan, err4 := given(p.Plan, domain.ParsePlanCode)
	role, err5 := given(p.Role, domain.ParseRole)
	least, err6 := minMembers(p.MinMembers)
	bucket, err7 := given(p.Bucket, domain.ParseBucket)
	zone, err8 := given(p.TimeZone, domain.ParseTimeZone)
	if p.TimeZone != "" && p.Bucket == "" {
		err8 = badMode("time_zone", "goes with bucket", "send bucket, or leave time_zone out")
	}
	if zone == nil {
		zone = time.UTC
	}
	if p.From == nil || p.To == nil {
		err1 = nil // that they are missing is among the faults
	}
	if err := errors.Join(faults, badLimit, inParameter(errors.Join(err1, err2, err3, err4, err5, err6, err7, err8))); err != nil {
		return ports.ReportEngagement{}, err
	}
	return ports.ReportEngagement{
		Window: window, Order: order, Limit: limit, Bucket: bucket, Zone: zone,
		Filter: ports.EngagementFilter{Organization: organization, Plan: plan, Role: role, MinMembers: least},
	}, nil
}

func minMembers(n *int) (int64, error) {
	const most = 1_000_000
	if n == nil {
		return 1, nil
	}
	if *n < 1 || *n > most {
		return 0, &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonRange, Field: "min_members", Detail: "is " + strconv.Itoa(*n), Fix: "send 1 to 1000000"}
	}
	return int64(*n), nil
}

// reportQuestion names a report, for its cursors.
func reportQuestion(in *ports.ReportEngagement) []byte {
	return questionOf("reportEngagement", instantText(in.Window.From()), instantText(in.Window.To()), in.Order.String(), organizationText(in.Filter.Organization),
		in.Filter.Plan.String(), string(in.Filter.Role), strconv.FormatInt(in.Filter.MinMembers, 10))
}
