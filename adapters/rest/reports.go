package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ReportEngagement answers with the organizations with the most events.
func (h *handlers) ReportEngagement(ctx context.Context, request reportEngagementRequest) (reportEngagementResponse, error) {
	params, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultReportSize)
	window, err := domain.ParseWindow(moment(params.From), moment(params.To))
	if err := errors.Join(faults, badLimit, inParameter(err)); err != nil {
		return nil, err
	}
	report, err := h.activity.ReportEngagement(ctx, request.caller, ports.ReportEngagement{Window: window, Limit: limit})
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.buf = appendList(a.buf, report, appendEngagement)
	return reportEngagement200{a}, nil
}
