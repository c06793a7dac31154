package postgres

import (
	"context"
	"math"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// engagementReads implements ports.EngagementReader.
type engagementReads struct {
	pool    *database.Pool
	reports database.Batcher[reportKey, ports.ReportEngagement, ports.Page[domain.Engagement]]
}

func newEngagementReads(pool *database.Pool) engagementReads {
	r := engagementReads{pool: pool.For(database.Slow)}
	r.reports = database.Pages(r.pool, database.SlowReads, reportKeyOf, r.report)
	return r
}

// reportKey tells reports apart.
type reportKey struct {
	window domain.Window
	filter ports.EngagementFilter
	order  domain.EngagementOrder
	after  domain.EngagementPosition
	first  bool // it is the first page
	limit  domain.PageSize
	bucket domain.Bucket
	zone   string
}

func reportKeyOf(in ports.ReportEngagement) reportKey {
	k := reportKey{window: in.Window, filter: in.Filter, order: in.Order, first: in.After == nil, limit: in.Limit, bucket: in.Bucket}
	if in.After != nil {
		k.after = *in.After
	}
	if in.Zone != nil {
		k.zone = in.Zone.String()
	}
	return k
}

// ReportEngagement implements ports.EngagementReader.
func (r engagementReads) ReportEngagement(ctx context.Context, in ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
	return r.reports.Do(ctx, in)
}

// maxRawDays is the widest window, in days, for which the events of all
// organizations are read, rather than rollups.
const maxRawDays = 400

func (r engagementReads) report(ctx context.Context, in ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	raw := in.Filter.Role != "" || in.Bucket != "" && in.Zone != time.UTC
	if raw && in.Filter.Organization.IsZero() && in.Window.Wider(maxRawDays) {
		return ports.Page[domain.Engagement]{}, tooWide()
	}
	var starts []time.Time
	if in.Bucket != "" {
		var err error
		if starts, err = in.Window.Buckets(in.Bucket, in.Zone); err != nil {
			return ports.Page[domain.Engagement]{}, err
		}
	}
	if starts == nil {
		return database.Read(ctx, r.pool, func(db sqlcheck.DB) (ports.Page[domain.Engagement], error) {
			return reportPage(ctx, db, in)
		})
	}
	return database.Snapshot(ctx, r.pool, func(ctx context.Context, tx sqlcheck.Tx) (ports.Page[domain.Engagement], error) {
		page, err := reportPage(ctx, tx, in)
		if err == nil {
			err = addSeries(ctx, tx, in, starts, page.Items)
		}
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
	filter, cursor := engagementFilterOf(in.Filter), engagementCursorAfter(in.Order, in.After, in.Limit)
	var found []engagementRow
	var err error
	if in.Filter.Role == "" {
		found, err = engagementReport.All(ctx, db, reportEngagement{windowOf(in.Window), filter, cursor})
	} else {
		found, err = engagementOfRole.All(ctx, db, reportRole{in.Window.From(), in.Window.To(), string(in.Filter.Role), filter, cursor})
	}
	if err != nil {
		return ports.Page[domain.Engagement]{}, err
	}
	items, err := database.Convert(found, engagementRow.engagement)
	return database.Cut(items, in.Limit), err
}

func engagementFilterOf(in ports.EngagementFilter) engagementFilter {
	return engagementFilter{
		One: !in.Organization.IsZero(), Organization: in.Organization, Plan: rows.Text(in.Plan),
		MinMembers: max(in.MinMembers, 1), // organizations without members are left out
	}
}

// engagementCursorAfter is the cursor after a position. It asks for one row more
// than the page has.
func engagementCursorAfter(order domain.EngagementOrder, after *domain.EngagementPosition, size domain.PageSize) engagementCursor {
	c := engagementCursor{Sort: string(order.By()), Sign: 1, Key: math.MinInt64, Limit: database.Limit(size) + 1}
	if !order.Ascending() {
		c.Sign = -1
	}
	if after != nil {
		c.Key, c.ID = c.Sign*after.Value, after.ID
	}
	return c
}
