package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// summedWindow is a window as the sums a day divide it: the whole days from
// FirstDay to before LastDay (UTC), and the ragged edges, whose events are read
// themselves: from From to before Head, and from Tail to before To.
type summedWindow struct {
	From, To          time.Time
	Head, Tail        time.Time
	FirstDay, LastDay time.Time
}

// engagementFilter chooses organizations. One makes Organization count.
type engagementFilter struct {
	One          bool
	Organization [16]byte
	Plan         *string
	MinMembers   int64
}

// engagementSpot is where a page begins: after Key, which is Sign times the
// number by which is ordered, and ID.
type engagementSpot struct {
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

// engagementRow is an organization's line.
type engagementRow struct {
	OrganizationID [16]byte   `db:"organization_id"`
	Organization   string     `db:"organization"`
	Plan           string     `db:"plan"`
	Members        int64      `db:"members"`
	ActiveMembers  int64      `db:"active_members"`
	Events         int64      `db:"events"`
	LastActivity   *time.Time `db:"last_activity"`
}

// between are the events of a span, a member and what more is asked for.
func between(from, to time.Time, choose func(sq.SelectBuilder) sq.SelectBuilder, more ...string) sq.SelectBuilder {
	grouped := append([]string{"e.organization_id", "e.user_id"}, more...)
	return choose(sq.Select(grouped...).Column("count(*) AS events").From("roster.events e").
		Where("e.occurred_at >= ? AND e.occurred_at < ?", from, to)).
		GroupBy(grouped...)
}

// edges sums the ragged edges as the days are summed. OFFSET keeps the planner
// from reading all members, and the order makes looking each up cheap.
func (w summedWindow) edges(choose func(sq.SelectBuilder) sq.SelectBuilder) sq.Sqlizer {
	return sq.Expr("SELECT e.organization_id, m.ordinal / 512 AS chunk, sum(e.events)::bigint AS events, bit_or(roster.rollup_bit(m.ordinal)) AS active"+
		" FROM (? UNION ALL ? ORDER BY 1, 2) e CROSS JOIN LATERAL (?) m GROUP BY e.organization_id, m.ordinal / 512",
		between(w.From, w.Head, choose), between(w.Tail, w.To, choose), ordinal())
}

// ordinal finds that of the member e is about.
func ordinal() sq.SelectBuilder {
	return sq.Select("m.ordinal").From("roster.engagement_members m").
		Where("m.organization_id = e.organization_id AND m.user_id = e.user_id").
		Suffix("OFFSET 0")
}

// wholeEdge are the sums of the edges, and wholeDay the same columns of those of days.
const wholeEdge = "SELECT edge.organization_id, edge.chunk, edge.events, edge.active FROM edge"

var wholeDay = []string{
	"d.organization_id", "d.chunk",
	"d.events", "d.active",
}

// days are the sums of the whole days.
func (w summedWindow) days(chosen ...string) sq.SelectBuilder {
	return sq.Select(chosen...).From("roster.engagement_days d").
		Where("d.day >= ? AND d.day < ?", w.FirstDay, w.LastDay)
}

type reportEngagement struct {
	summedWindow
	engagementFilter
	engagementSpot
}

// of chooses the organization, of table t, that a report is about.
func (f engagementFilter) of(t string) func(sq.SelectBuilder) sq.SelectBuilder {
	return func(b sq.SelectBuilder) sq.SelectBuilder {
		if f.One {
			b = b.Where(t+".organization_id = ?", f.Organization)
		}
		return b
	}
}

// sums are those of all organizations. Who was active is united for all only
// where that orders them.
func (p reportEngagement) sums() sq.Sqlizer {
	if p.Sort != string(domain.ByActiveMembers) {
		return sq.Expr("SELECT s.organization_id, sum(s.events)::bigint AS events FROM (? UNION ALL SELECT edge.organization_id, edge.events FROM edge) s GROUP BY s.organization_id",
			p.of("d")(p.days("d.organization_id", "d.events")))
	}
	return sq.Expr("SELECT c.organization_id, sum(c.events)::bigint AS events, sum(bit_count(c.active))::bigint AS active_members FROM ("+
		"SELECT s.organization_id, sum(s.events) AS events, bit_or(s.active) AS active FROM (? UNION ALL "+wholeEdge+") s GROUP BY s.organization_id, s.chunk) c"+
		" GROUP BY c.organization_id", p.of("d")(p.days(wholeDay...)))
}

// key is what orders the report, of the sums s and the organization g.
func (p reportEngagement) key() string {
	switch p.Sort {
	case string(domain.ByMembers):
		return "g.members"
	case string(domain.ByActiveMembers):
		return "coalesce(s.active_members, 0)"
	}
	return "coalesce(s.events, 0)"
}

// chosen are the organizations of the page.
func (p reportEngagement) chosen() sq.Sqlizer {
	return p.of("g")(sq.Select("g.organization_id", "g.members", "coalesce(s.events, 0) AS events",
		"o.name", "o.plan").
		Column(sq.Expr("?::bigint * "+p.key()+" AS key", p.Sign)).
		From("roster.engagement_organizations g").
		Join("roster.organizations o ON o.id = g.organization_id").
		LeftJoin("sums s ON s.organization_id = g.organization_id").
		Where("g.members >= ?", p.MinMembers).
		Where("(?::text IS NULL OR o.plan = ?)", p.Plan, p.Plan).
		Where("(?::bigint * "+p.key()+", g.organization_id) > (?, ?)", p.Sign, p.Key, any(p.ID))).
		OrderBy("key", "g.organization_id").
		Suffix("LIMIT ?", p.Limit)
}

// active counts the members who were, of the organization c.
func (p reportEngagement) active() sq.Sqlizer {
	return sq.Expr("SELECT coalesce(sum(bit_count(u.active)), 0)::bigint AS members FROM ("+
		"SELECT bit_or(b.active) AS active FROM (? UNION ALL "+wholeEdge+" WHERE edge.organization_id = c.organization_id) b GROUP BY b.chunk) u",
		p.days(wholeDay...).Where("d.organization_id = c.organization_id"))
}

// last is the time of the last event of a member, of the organization c. A
// subquery for a value keeps the planner from reading all members first.
func (p reportEngagement) last() sq.Sqlizer {
	return sq.Select("e.occurred_at").From("roster.events e").
		Where("c.events > 0 AND e.organization_id = c.organization_id").
		Where("e.occurred_at >= ? AND e.occurred_at < ?", p.From, p.To).
		Where("(SELECT true FROM roster.engagement_members m WHERE m.organization_id = e.organization_id AND m.user_id = e.user_id)").
		OrderBy("e.occurred_at DESC").Suffix("LIMIT 1")
}

var engagementReport = sqlcheck.New(sqlcheck.Def[reportEngagement, engagementRow]{
	Name:  "engagement.report",
	Enums: engagementEnums,
	Build: func(p reportEngagement) sq.Sqlizer {
		return sq.Expr("WITH edge AS MATERIALIZED (?), sums AS (?), chosen AS MATERIALIZED (?)"+
			" SELECT c.organization_id, c.name AS organization, c.plan, c.members, a.members AS active_members, c.events, l.occurred_at AS last_activity"+
			" FROM chosen c CROSS JOIN LATERAL (?) a LEFT JOIN LATERAL (?) l ON true ORDER BY c.key, c.organization_id",
			p.edges(p.of("e")), p.sums(), p.chosen(), p.active(), p.last())
	},
})

// reportRole counts members of one role, whom no sums tell apart.
type reportRole struct {
	From, To time.Time
	Role     string
	engagementFilter
	engagementSpot
}

// key is what orders the report, of the counts c.
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
		activity := between(p.From, p.To, p.of("e")).Column("max(e.occurred_at) AS last_activity")
		counted := p.of("m")(sq.Select("m.organization_id", "count(*) AS members", "count(a.user_id) AS active_members",
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
		"roster.users":       "of all members those count who are not deleted",
	}},
})
