package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// engagementRow is an organization joined with its plan, members, users and
// their events.
type engagementRow struct {
	OrganizationID [16]byte   `db:"organization_id"`
	Organization   string     `db:"organization"`
	Plan           string     `db:"plan"`
	Members        int64      `db:"members"`
	ActiveMembers  int64      `db:"active_members"`
	Events         int64      `db:"events"`
	LastActivity   *time.Time `db:"last_activity"`
}

func (r engagementRow) engagement() (domain.Engagement, error) {
	p := parsing{table: "organizations", id: domain.OrganizationID(r.OrganizationID).String()}
	engagement := domain.Engagement{
		Organization:  r.OrganizationID,
		Name:          parsed(&p, "name", r.Organization, domain.ParseOrganizationName),
		Plan:          parsed(&p, "plan", r.Plan, domain.ParsePlanCode),
		Members:       r.Members,
		ActiveMembers: r.ActiveMembers,
		Events:        r.Events,
	}
	if r.LastActivity != nil {
		engagement.LastActivity = r.LastActivity.UTC()
	}
	return engagement, p.fault()
}

type reportEngagement struct {
	From, To time.Time
	Limit    int32
}

// Events are summed a member first, from one index, so that the joins are over
// members and not over events.
var engagementReport = sqlcheck.New(sqlcheck.Def[reportEngagement, engagementRow]{
	Name: "engagement.report",
	Plan: sqlcheck.Gate{Whole: map[string]string{
		"roster.memberships": "the report counts every member",
		"roster.users":       "the report counts every member who is not deleted",
	}},
	Build: func(p reportEngagement) sq.Sqlizer {
		activity := sq.Select("e."+columns.EventsOrganizationID, "e."+columns.EventsUserID, "count(*) AS events", "max(e."+columns.EventsOccurredAt+") AS last_activity").
			From(columns.Events+" e").
			Where("e."+columns.EventsOccurredAt+" >= ? AND e."+columns.EventsOccurredAt+" < ?", p.From, p.To).
			GroupBy("e."+columns.EventsOrganizationID, "e."+columns.EventsUserID)
		return sq.Select(
			"o."+columns.OrganizationsID+" AS organization_id", "o."+columns.OrganizationsName+" AS organization", "p."+columns.PlansCode+" AS plan",
			"count(*) AS members", "count(a.user_id) AS active_members",
			"coalesce(sum(a.events), 0)::bigint AS events", "max(a.last_activity) AS last_activity").
			PrefixExpr(sq.ConcatExpr("WITH activity AS MATERIALIZED (", activity, ")")).
			From(columns.Organizations+" o").
			Join(columns.Plans+" p ON p."+columns.PlansCode+" = o."+columns.OrganizationsPlan).
			Join(columns.Memberships+" m ON m."+columns.MembershipsOrganizationID+" = o."+columns.OrganizationsID).
			Join(columns.Users+" u ON u."+columns.UsersID+" = m."+columns.MembershipsUserID+" AND u."+columns.UsersDeletedAt+" IS NULL").
			LeftJoin("activity a ON a.organization_id = m."+columns.MembershipsOrganizationID+" AND a.user_id = m."+columns.MembershipsUserID).
			GroupBy("o."+columns.OrganizationsID, "p."+columns.PlansCode).
			OrderBy("events DESC", "o."+columns.OrganizationsID).
			Suffix("LIMIT ?", p.Limit)
	},
})

// ReportEngagement implements ports.EngagementReader.
func (s *Events) ReportEngagement(ctx context.Context, in ports.ReportEngagement) ([]domain.Engagement, error) {
	return list(ctx, s.d, engagementReport,
		reportEngagement{in.Window.From(), in.Window.To(), limit(in.Limit)}, engagementRow.engagement)
}
