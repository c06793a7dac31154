package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

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
	Build: func(p reportEngagement) sq.Sqlizer {
		activity := sq.Select("e.organization_id", "e.user_id", "count(*) AS events", "max(e.occurred_at) AS last_activity").
			From("roster.events e").
			Where("e.occurred_at >= ? AND e.occurred_at < ?", p.From, p.To).
			GroupBy("e.organization_id", "e.user_id")
		return sq.Select(
			"o.id AS organization_id", "o.name AS organization", "p.code AS plan",
			"count(*) AS members", "count(a.user_id) AS active_members",
			"coalesce(sum(a.events), 0)::bigint AS events", "max(a.last_activity) AS last_activity").
			PrefixExpr(sq.ConcatExpr("WITH activity AS MATERIALIZED (", activity, ")")).
			From("roster.organizations o").
			Join("roster.plans p ON p.code = o.plan").
			Join("roster.memberships m ON m.organization_id = o.id").
			Join("roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL").
			LeftJoin("activity a ON a.organization_id = m.organization_id AND a.user_id = m.user_id").
			GroupBy("o.id", "p.code").
			OrderBy("events DESC", "o.id").
			Suffix("LIMIT ?", p.Limit)
	},
})

// ReportEngagement implements ports.EngagementReader.
func (s *Events) ReportEngagement(ctx context.Context, in ports.ReportEngagement) ([]domain.Engagement, error) {
	return list(ctx, s.d, engagementReport,
		reportEngagement{in.Window.From(), in.Window.To(), limit(in.Limit)}, engagementRow.engagement)
}
