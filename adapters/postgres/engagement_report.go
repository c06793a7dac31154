package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// engagementFilter chooses organizations: only Organization, where One is set.
type engagementFilter struct {
	One          bool
	Organization [16]byte
	Plan         *string
	MinMembers   int64
}

// engagementCursor is where a page begins: after ID and Key, which is Sign times
// the number that the sort compares.
type engagementCursor struct {
	Sort  string
	Sign  int64
	Key   int64
	ID    [16]byte
	Limit int32
}

// engagementEnums are the enumerated fields of a report.
var engagementEnums = map[string][]string{
	"One":  {"false", "true"},
	"Sort": {string(domain.ByEvents), string(domain.ByActiveMembers), string(domain.ByMembers)},
}

// engagementRow is an organization in a report.
type engagementRow struct {
	OrganizationID [16]byte   `db:"organization_id"`
	Organization   string     `db:"organization"`
	Plan           string     `db:"plan"`
	Members        int64      `db:"members"`
	ActiveMembers  int64      `db:"active_members"`
	Events         int64      `db:"events"`
	LastActivity   *time.Time `db:"last_activity"`
}

type reportEngagement struct {
	rollupWindow
	engagementFilter
	engagementCursor
}

// only takes the rows of a table t for the organization that a report is about.
func (f engagementFilter) only(t string) func(sq.SelectBuilder) sq.SelectBuilder {
	return func(b sq.SelectBuilder) sq.SelectBuilder {
		if f.One {
			b = b.Where(t+".organization_id = ?", f.Organization)
		}
		return b
	}
}

// totals are the events of all organizations and, only where the sort needs them,
// their active members.
func (p reportEngagement) totals() sq.Sqlizer {
	if p.Sort != string(domain.ByActiveMembers) {
		return sq.Expr("SELECT s.organization_id, sum(s.events)::bigint AS events FROM ("+
			"? UNION ALL SELECT edge.organization_id, edge.events FROM edge) s GROUP BY s.organization_id",
			p.only("d")(p.days("d.organization_id", dayEvents+" AS events")))
	}
	return sq.Expr("SELECT c.organization_id, sum(c.events)::bigint AS events, sum(bit_count(c.active))::bigint AS active_members FROM ("+
		"SELECT s.organization_id, sum(s.events) AS events, bit_or(s.active) AS active FROM ("+
		"? UNION ALL "+edgeRows+") s GROUP BY s.organization_id, s.chunk) c"+
		" GROUP BY c.organization_id", p.only("d")(p.days(dayColumns...)))
}

// key is what the sort compares, of the totals s and the organization g.
func (p reportEngagement) key() string {
	switch p.Sort {
	case string(domain.ByMembers):
		return "g.members"
	case string(domain.ByActiveMembers):
		return "coalesce(s.active_members, 0)"
	}
	return "coalesce(s.events, 0)"
}

// chosen selects the organizations of the page.
func (p reportEngagement) chosen() sq.Sqlizer {
	return p.only("g")(sq.Select("g.organization_id", "g.members", "coalesce(s.events, 0) AS events",
		"o.name", "o.plan").
		Column(sq.Expr("?::bigint * "+p.key()+" AS key", p.Sign)).
		From("roster.engagement_organizations g").
		Join("roster.organizations o ON o.id = g.organization_id").
		LeftJoin("totals s ON s.organization_id = g.organization_id").
		Where("g.members >= ?", p.MinMembers).
		Where("(?::text IS NULL OR o.plan = ?)", p.Plan, p.Plan).
		Where("(?::bigint * "+p.key()+", g.organization_id) > (?, ?)", p.Sign, p.Key, any(p.ID))).
		OrderBy("key", "g.organization_id").
		Suffix("LIMIT ?", p.Limit)
}

// active counts the active members of the organization c.
func (p reportEngagement) active() sq.Sqlizer {
	return sq.Expr("SELECT coalesce(sum(bit_count(u.active)), 0)::bigint AS members FROM ("+
		"SELECT bit_or(b.active) AS active FROM (? UNION ALL "+edgeRows+" WHERE edge.organization_id = c.organization_id) b GROUP BY b.chunk) u",
		p.days(dayColumns...).Where("d.organization_id = c.organization_id"))
}

// last finds the time of the last event of a member of the organization c: in the
// tail, else on the last day whose rollup has events, else in the head. So at most
// three days of events are read, however many of those who left are newer.
func (p reportEngagement) last() sq.Sqlizer {
	day := p.days("d.day").Where("d.organization_id = c.organization_id AND " + dayEvents + " > 0").
		OrderBy("d.day DESC").Suffix("LIMIT 1")
	return sq.Expr("SELECT CASE WHEN c.events > 0 THEN"+
		" coalesce((?), (SELECT n.occurred_at FROM (?) k CROSS JOIN LATERAL (?) n), (?)) END AS occurred_at",
		lastBetween(sq.Expr("?::timestamptz", p.Tail), sq.Expr("?::timestamptz", p.To)), day,
		lastBetween(sq.Expr("k.day::timestamp AT TIME ZONE 'UTC'"), sq.Expr("(k.day + 1)::timestamp AT TIME ZONE 'UTC'")),
		lastBetween(sq.Expr("?::timestamptz", p.From), sq.Expr("?::timestamptz", p.Head)))
}

// lastBetween finds the last event in a span of a member of the organization c. A
// scalar subquery keeps the planner from reading all members first.
func lastBetween(from, to sq.Sqlizer) sq.Sqlizer {
	return sq.Select("e.occurred_at").From("roster.events e").
		Where("e.organization_id = c.organization_id").
		Where(sq.Expr("e.occurred_at >= ? AND e.occurred_at < ?", from, to)).
		Where("(SELECT true FROM roster.engagement_members m WHERE m.organization_id = e.organization_id AND m.user_id = e.user_id)").
		OrderBy("e.occurred_at DESC").Suffix("LIMIT 1")
}

var engagementReport = sqlcheck.New(sqlcheck.Def[reportEngagement, engagementRow]{
	Name:  "engagement.report",
	Enums: engagementEnums,
	Build: func(p reportEngagement) sq.Sqlizer {
		return sq.Expr("WITH edge AS MATERIALIZED (?), surplus AS MATERIALIZED (?), totals AS (?), chosen AS MATERIALIZED (?)"+
			" SELECT c.organization_id, c.name AS organization, c.plan, c.members, a.members AS active_members,"+
			" c.events, l.occurred_at AS last_activity"+
			" FROM chosen c CROSS JOIN LATERAL (?) a CROSS JOIN LATERAL (?) l ORDER BY c.key, c.organization_id",
			p.edges(p.only("e")), p.surplus(), p.totals(), p.chosen(), p.active(), p.last())
	},
})

func (r engagementRow) engagement() (domain.Engagement, error) {
	c := rows.Conversion{Table: "organizations", ID: domain.OrganizationID(r.OrganizationID).String()}
	engagement := domain.Engagement{
		Organization: r.OrganizationID,
		Name:         rows.Parse(&c, "name", r.Organization, domain.ParseOrganizationName),
		Plan:         rows.Parse(&c, "plan", r.Plan, domain.ParsePlanCode),
		Members:      r.Members,
		Activity:     domain.Activity{ActiveMembers: r.ActiveMembers, Events: r.Events},
	}
	if r.LastActivity != nil {
		engagement.LastActivity = r.LastActivity.UTC()
	}
	return engagement, c.Err()
}
