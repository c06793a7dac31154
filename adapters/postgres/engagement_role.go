package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// reportRole counts members of one role from the events: rollups hold no roles.
type reportRole struct {
	From, To time.Time
	Role     string
	engagementFilter
	engagementCursor
}

// key is what the sort compares, of the counts c.
func (p reportRole) key() string {
	switch p.Sort {
	case string(domain.ByMembers):
		return "c.members"
	case string(domain.ByActiveMembers):
		return "c.active_members"
	}
	return "c.events"
}

var engagementOfRole = sqlcheck.New(sqlcheck.Def[reportRole, engagementRow]{
	Name:  "engagement.report_role",
	Enums: engagementEnums,
	Build: func(p reportRole) sq.Sqlizer {
		activity := eventsBetween(p.From, p.To, p.only("e")).Column("max(e.occurred_at) AS last_activity")
		counted := p.only("m")(sq.Select("m.organization_id", "count(*) AS members", "count(a.user_id) AS active_members",
			"coalesce(sum(a.events), 0)::bigint AS events", "max(a.last_activity) AS last_activity").
			From("roster.memberships m").
			Join("roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL").
			LeftJoin("activity a ON a.organization_id = m.organization_id AND a.user_id = m.user_id").
			Where("m.role = ?", p.Role)).
			GroupBy("m.organization_id")
		return sq.Select("c.organization_id", "o.name AS organization", "o.plan AS plan",
			"c.members", "c.active_members", "c.events", "c.last_activity").
			PrefixExpr(sq.Expr("WITH activity AS MATERIALIZED (?), counted AS (?)", activity, counted)).
			From("counted c").
			Join("roster.organizations o ON o.id = c.organization_id").
			Where("c.members >= ?", p.MinMembers).
			Where("(?::text IS NULL OR o.plan = ?)", p.Plan, p.Plan).
			Where("(?::bigint * "+p.key()+", c.organization_id) > (?, ?)", p.Sign, p.Key, any(p.ID)).
			OrderByClause("?::bigint * "+p.key()+", c.organization_id", p.Sign).
			Suffix("LIMIT ?", p.Limit)
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{
		"roster.memberships": "roles are counted in all organizations",
		"roster.users":       "only members that are not deleted count",
	}},
})
