package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// bucketRow is the activity of an organization in a bucket. Buckets are counted
// from 1.
type bucketRow struct {
	OrganizationID [16]byte `db:"organization_id"`
	Bucket         int32    `db:"bucket"`
	ActiveMembers  int64    `db:"active_members"`
	Events         int64    `db:"events"`
}

// seriesDays asks for buckets that begin at Starts, each the beginning of a day
// (UTC).
type seriesDays struct {
	rollupWindow
	Organizations [][16]byte
	Starts        []time.Time
}

// inBucket is the number of the bucket of a time.
func inBucket(at string, starts []time.Time) sq.Sqlizer {
	return sq.Expr("coalesce(width_bucket("+at+", ?::timestamptz[]), 0) AS bucket", starts)
}

var engagementSeries = sqlcheck.New(sqlcheck.Def[seriesDays, bucketRow]{
	Name: "engagement.series",
	Build: func(p seriesDays) sq.Sqlizer {
		chosen := func(b sq.SelectBuilder) sq.SelectBuilder {
			return b.Where("e.organization_id = ANY(?)", any(p.Organizations))
		}
		bucket := inBucket("e.occurred_at", p.Starts)
		edge := func(from, to time.Time) sq.Sqlizer {
			return eventsBetween(from, to, chosen).Column(bucket).GroupBy("bucket")
		}
		days := p.days(dayColumns...).Column(inBucket("d.day::timestamp AT TIME ZONE 'UTC'", p.Starts)).
			Where("d.organization_id = ANY(?)", any(p.Organizations))
		return sq.Expr("WITH surplus AS MATERIALIZED (?)"+
			" SELECT c.organization_id, c.bucket, coalesce(sum(bit_count(c.active)), 0)::bigint AS active_members,"+
			" sum(c.events)::bigint AS events FROM ("+
			"SELECT s.organization_id, s.bucket, s.chunk, sum(s.events) AS events, bit_or(s.active) AS active FROM (?"+
			" UNION ALL SELECT e.organization_id, m.ordinal / 512, e.events, roster.rollup_bit(m.ordinal), e.bucket"+
			" FROM (? UNION ALL ? ORDER BY 1, 2) e CROSS JOIN LATERAL (?) m"+
			") s GROUP BY s.organization_id, s.bucket, s.chunk) c GROUP BY c.organization_id, c.bucket ORDER BY c.organization_id, c.bucket",
			p.surplus(), days, edge(p.From, p.Head), edge(p.Tail, p.To), ordinal())
	},
})

// seriesEvents asks for buckets that begin at any time, of members with some
// roles.
type seriesEvents struct {
	From, To      time.Time
	Organizations [][16]byte
	Roles         []string
	Starts        []time.Time
}

var engagementSeriesOfEvents = sqlcheck.New(sqlcheck.Def[seriesEvents, bucketRow]{
	Name: "engagement.series_events",
	Build: func(p seriesEvents) sq.Sqlizer {
		return sq.Select("e.organization_id AS organization_id").
			Column(inBucket("e.occurred_at", p.Starts)).
			Columns("count(DISTINCT e.user_id) AS active_members", "count(*) AS events").
			From("roster.events e").
			Join("roster.memberships m ON m.organization_id = e.organization_id AND m.user_id = e.user_id").
			Join("roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL").
			Where("e.organization_id = ANY(?)", any(p.Organizations)).
			Where("e.occurred_at >= ? AND e.occurred_at < ?", p.From, p.To).
			Where("m.role = ANY(?)", p.Roles).
			GroupBy("e.organization_id", "bucket").OrderBy("e.organization_id", "bucket")
	},
})

// addSeries gives each organization of a page its buckets. They begin at starts,
// the last of which is the end of the last bucket.
func addSeries(ctx context.Context, db sqlcheck.DB, in ports.ReportEngagement, starts []time.Time, page []domain.Engagement) error {
	organizations := make([][16]byte, len(page))
	lines := make(map[domain.OrganizationID]*domain.Engagement, len(page))
	for i := range page {
		line := &page[i]
		organizations[i], lines[line.Organization] = line.Organization, line
		line.Series = make([]domain.BucketActivity, len(starts)-1)
		for j := range line.Series {
			line.Series[j].From = starts[j]
		}
	}
	fill := func(row *bucketRow) error {
		lines[row.OrganizationID].Series[row.Bucket-1].Activity = domain.Activity{ActiveMembers: row.ActiveMembers, Events: row.Events}
		return nil
	}
	if len(page) == 0 {
		return nil
	}
	if in.Zone == time.UTC && in.Filter.Role == "" {
		return engagementSeries.Each(ctx, db, seriesDays{windowOf(in.Window), organizations, starts}, fill)
	}
	events := seriesEvents{in.Window.From(), in.Window.To(), organizations, rows.Roles(in.Filter.Role), starts}
	return engagementSeriesOfEvents.Each(ctx, db, events, fill)
}
