package rest

import (
	"context"
	"strconv"
	"time"

	"github.com/roster-directory/roster/domain"
)

// ReportEngagement answers with the engagement of organizations: a page, or all
// of them as CSV.
func (h *handlers) ReportEngagement(ctx context.Context, request reportEngagementRequest) (reportEngagementResponse, error) {
	params, faults := request.read()
	in, err := parseReport(params, faults)
	if err != nil {
		return nil, err
	}
	query := reportFingerprint(request.caller, &in)
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	if after != nil {
		in.After = &domain.EngagementPosition{Value: after.at.UnixMicro(), ID: after.id}
	}
	if request.responseType == "text/csv" {
		out, err := h.streamReport(ctx, request.caller, in, params.Limit)
		return reportEngagement200{out}, err
	}
	page, err := h.activity.ReportEngagement(ctx, request.caller, in)
	if err != nil {
		return nil, invalidQuery(err)
	}
	out := pageOf(page, true, appendEngagement)
	end := endOf(page, func(last *domain.Engagement) *position {
		p := in.Order.Position(*last)
		return &position{at: time.UnixMicro(p.Value), id: p.ID}
	})
	out.link, err = h.cursors.link(ctx, firstPage("engagement", request.query), query, end)
	return reportEngagement200{wholeResponse{out}}, err
}

func appendEngagement(b []byte, e *domain.Engagement) []byte {
	b = append(b, `{"organization_id":"`...)
	b = e.Organization.AppendText(b)
	b = appendString(append(b, `","organization":`...), e.Name.String())
	b = appendString(append(b, `,"plan":`...), e.Plan.String())
	b = strconv.AppendInt(append(b, `,"members":`...), e.Members, 10)
	b = strconv.AppendInt(append(b, `,"active_members":`...), e.ActiveMembers, 10)
	b = strconv.AppendInt(append(b, `,"events":`...), e.Events, 10)
	b = append(b, `,"last_activity":`...)
	if e.LastActivity.IsZero() {
		b = append(b, `null`...)
	} else {
		b = appendTime(b, e.LastActivity)
	}
	if e.Series != nil {
		b = appendList(append(b, `,"series":`...), e.Series, appendBucket)
	}
	return append(b, '}')
}

func appendBucket(b []byte, a *domain.BucketActivity) []byte {
	b = appendTime(append(b, `{"from":`...), a.From.UTC())
	b = strconv.AppendInt(append(b, `,"active_members":`...), a.ActiveMembers, 10)
	b = strconv.AppendInt(append(b, `,"events":`...), a.Events, 10)
	return append(b, '}')
}
