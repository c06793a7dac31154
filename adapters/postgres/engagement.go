package postgres

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// mostRawDays is the widest window, in days, of which the events themselves are
// read for all organizations.
const mostRawDays = 400

func (r engagementRow) engagement() (domain.Engagement, error) {
	p := parsing{table: "organizations", id: domain.OrganizationID(r.OrganizationID).String()}
	engagement := domain.Engagement{
		Organization: r.OrganizationID,
		Name:         parsed(&p, "name", r.Organization, domain.ParseOrganizationName),
		Plan:         parsed(&p, "plan", r.Plan, domain.ParsePlanCode),
		Members:      r.Members,
		Activity:     domain.Activity{ActiveMembers: r.ActiveMembers, Events: r.Events},
	}
	if r.LastActivity != nil {
		engagement.LastActivity = r.LastActivity.UTC()
	}
	return engagement, p.fault()
}

// reportEngagement is ReportEngagement, by itself.
func (d *Database) reportEngagement(ctx context.Context, in ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	raw := in.Filter.Role != "" || in.Bucket != "" && in.Zone != time.UTC
	if raw && in.Filter.Organization.IsZero() && in.Window.Wider(mostRawDays) {
		return ports.Page[domain.Engagement]{}, tooWide()
	}
	var starts []time.Time
	if in.Bucket != "" {
		var err error
		if starts, err = in.Window.Buckets(in.Bucket, in.Zone); err != nil {
			return ports.Page[domain.Engagement]{}, err
		}
	}
	return read(ctx, d, func(db sqlcheck.DB) (page ports.Page[domain.Engagement], err error) {
		if starts == nil {
			return reportPage(ctx, db, in)
		}
		// The page and its series are of one moment.
		options := sqlcheck.TxOptions{Isolation: pgx.RepeatableRead, ReadOnly: true}
		err = sqlcheck.InTx(ctx, d.db, options, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
			if page, err = reportPage(ctx, tx, in); err != nil {
				return err
			}
			return addSeries(ctx, tx, in, starts, page.Items)
		})
		return page, err
	})
}

func tooWide() error {
	return &domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonRange, Field: "to", Detail: "the window is wider than 400 days",
		Fix: "ask for one organization, or for neither a role nor a series in a time zone other than UTC, or for less at a time",
	}
}

// reportPage reads a page without its series.
func reportPage(ctx context.Context, db sqlcheck.DB, in ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
	filter, spot := engagementFilterOf(in.Filter), engagementSpotOf(in.Order, in.After, in.Limit)
	var rows []engagementRow
	var err error
	if in.Filter.Role == "" {
		rows, err = engagementReport.All(ctx, db, reportEngagement{summed(in.Window), filter, spot})
	} else {
		rows, err = engagementOfRole.All(ctx, db, reportRole{in.Window.From(), in.Window.To(), string(in.Filter.Role), filter, spot})
	}
	if err != nil {
		return ports.Page[domain.Engagement]{}, err
	}
	items, err := converted(rows, engagementRow.engagement)
	return cut(items, in.Limit), err
}

// summed divides a window.
func summed(w domain.Window) summedWindow {
	const day = 24 * time.Hour
	first, last := w.From().Truncate(day), w.To().Truncate(day)
	if first.Before(w.From()) {
		first = first.Add(day)
	}
	if !first.Before(last) { // no whole day
		return summedWindow{From: w.From(), To: w.To(), Head: w.To(), Tail: w.To(), FirstDay: first, LastDay: first}
	}
	return summedWindow{From: w.From(), To: w.To(), Head: first, Tail: last, FirstDay: first, LastDay: last}
}

func engagementFilterOf(in ports.EngagementFilter) engagementFilter {
	return engagementFilter{
		One: !in.Organization.IsZero(), Organization: in.Organization, Plan: optional(in.Plan),
		MinMembers: max(in.MinMembers, 1), // those without members don't come
	}
}

// engagementSpotOf is the spot after a position. It asks for one row more than
// the page has.
func engagementSpotOf(order domain.EngagementOrder, after *domain.EngagementPosition, size domain.PageSize) engagementSpot {
	s := engagementSpot{Sort: string(order.By()), Sign: 1, Key: math.MinInt64, Limit: limit(size) + 1}
	if !order.Ascending() {
		s.Sign = -1
	}
	if after != nil {
		s.Key, s.ID = s.Sign*after.Value, after.ID
	}
	return s
}
