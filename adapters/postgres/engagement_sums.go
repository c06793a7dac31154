package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// EngagementFault is how the sums of an organization differ from its events.
type EngagementFault struct {
	Organization domain.OrganizationID
	// Detail says it in words.
	Detail string
}

type engagementFaultRow struct {
	OrganizationID *[16]byte `db:"organization_id"`
	Fault          *string   `db:"fault"`
}

// compared says of each table that a check reads why it may be read whole.
var compared = map[string]string{
	"roster.engagement_days":    "all sums are compared",
	"roster.engagement_members": "all who count are compared",
	"roster.events":             "all events are summed again",
	"roster.memberships":        "all members are compared",
	"roster.users":              "all members are compared",
}

var engagementCheck = sqlcheck.New(sqlcheck.Def[sqlcheck.None, engagementFaultRow]{
	Name: "engagement.check",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("f.organization_id", "f.fault").From("roster.rollup_check() f")
	},
	Plan: sqlcheck.Gate{Whole: compared, Sort: compared},
})

// CheckEngagement compares the sums that the engagement report is made of with
// the events, as of one moment, and returns all differences. It reads everything.
func (s *Events) CheckEngagement(ctx context.Context) ([]EngagementFault, error) {
	return list(ctx, s.d, engagementCheck, sqlcheck.None{}, func(r engagementFaultRow) (EngagementFault, error) {
		return EngagementFault{*r.OrganizationID, *r.Fault}, nil
	})
}

type rebuiltRow struct {
	Organizations int64 `db:"organizations"`
}

var engagementRebuild = sqlcheck.New(sqlcheck.Def[sqlcheck.None, rebuiltRow]{
	Name: "engagement.rebuild",
	Build: func(sqlcheck.None) sq.Sqlizer {
		all := sq.Select("array_agg(o.id) AS ids").From("roster.organizations o")
		return sq.Expr("SELECT coalesce(cardinality(a.ids), 0)::bigint AS organizations FROM (?) a, LATERAL roster.rollup_rebuild(a.ids)", all)
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{"roster.organizations": "all are summed anew"}},
})

// RebuildEngagement sums the events of all organizations anew, and returns how
// many there are. Writers of events and members wait for it.
func (s *Events) RebuildEngagement(ctx context.Context) (int64, error) {
	row, err := write(ctx, s.d, func(db sqlcheck.DB) (rebuiltRow, error) { return engagementRebuild.One(ctx, db, sqlcheck.None{}) })
	return row.Organizations, err
}
