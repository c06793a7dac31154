package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/domain"
)

// rollupWindow is a window divided for rollups, which count whole days (UTC): the
// days from FirstDay to before LastDay, and two ragged edges whose events are
// read, from From to before Head and from Tail to before To.
type rollupWindow struct {
	From, To          time.Time
	Head, Tail        time.Time
	FirstDay, LastDay time.Time
}

func windowOf(w domain.Window) rollupWindow {
	const day = 24 * time.Hour
	first, last := w.From().Truncate(day), w.To().Truncate(day)
	if first.Before(w.From()) {
		first = first.Add(day)
	}
	if !first.Before(last) { // no whole day
		return rollupWindow{From: w.From(), To: w.To(), Head: w.To(), Tail: w.To(), FirstDay: first, LastDay: first}
	}
	return rollupWindow{From: w.From(), To: w.To(), Head: first, Tail: last, FirstDay: first, LastDay: last}
}

// eventsBetween counts the events of a span for each member.
func eventsBetween(from, to time.Time, choose func(sq.SelectBuilder) sq.SelectBuilder) sq.SelectBuilder {
	return choose(sq.Select("e.organization_id", "e.user_id", "count(*) AS events").From("roster.events e").
		Where("e.occurred_at >= ? AND e.occurred_at < ?", from, to)).
		GroupBy("e.organization_id", "e.user_id")
}

// edges counts the ragged edges in the form of rollups. OFFSET keeps the planner
// from reading all members, and the order makes each look-up cheap.
func (w rollupWindow) edges(choose func(sq.SelectBuilder) sq.SelectBuilder) sq.Sqlizer {
	return sq.Expr("SELECT e.organization_id, m.ordinal / 512 AS chunk, sum(e.events)::bigint AS events,"+
		" bit_or(roster.rollup_bit(m.ordinal)) AS active"+
		" FROM (? UNION ALL ? ORDER BY 1, 2) e CROSS JOIN LATERAL (?) m GROUP BY e.organization_id, m.ordinal / 512",
		eventsBetween(w.From, w.Head, choose), eventsBetween(w.Tail, w.To, choose), ordinal())
}

// ordinal finds the ordinal of the member in e.
func ordinal() sq.SelectBuilder {
	return sq.Select("m.ordinal").From("roster.engagement_members m").
		Where("m.organization_id = e.organization_id AND m.user_id = e.user_id").
		Suffix("OFFSET 0")
}

// edgeRows are the rows of the edges. dayColumns are the same columns of rollups.
const edgeRows = "SELECT edge.organization_id, edge.chunk, edge.events, edge.active FROM edge"

var dayColumns = []string{"d.organization_id", "d.chunk", dayEvents + " AS events", dayActive + " AS active"}

// dayEvents and dayActive are what a rollup counts without the events of leavers.
const (
	dayEvents = "(d.events - coalesce(s.events, 0))"
	dayActive = "CASE WHEN s.active IS NULL THEN d.active ELSE d.active & ~s.active END"
)

// days selects the rollups of the whole days. It is for statements with a common
// table expression surplus.
func (w rollupWindow) days(chosen ...string) sq.SelectBuilder {
	return sq.Select(chosen...).From("roster.engagement_days d").
		LeftJoin("surplus s ON s.organization_id = d.organization_id AND s.day = d.day AND s.chunk = d.chunk").
		Where("d.day >= ? AND d.day < ?", w.FirstDay, w.LastDay)
}

// surplus counts, in the form of rollups, the events of leavers in the whole days:
// of users who are being erased, whose events the rollups still have. Mostly there
// are none. OFFSET looks up the events of each leaver by the user, and once, however
// many organizations it leaves.
func (w rollupWindow) surplus() sq.Sqlizer {
	return sq.Expr("SELECT l.organization_id, e.day, l.ordinal / 512 AS chunk, sum(e.events)::bigint AS events,"+
		" bit_or(roster.rollup_bit(l.ordinal)) AS active"+
		" FROM (SELECT DISTINCT n.user_id FROM roster.engagement_leavers n) u CROSS JOIN LATERAL ("+
		"SELECT v.organization_id, (v.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS events FROM roster.events v"+
		" WHERE v.user_id = u.user_id AND v.occurred_at >= ? AND v.occurred_at < ? GROUP BY 1, 2 OFFSET 0) e"+
		" JOIN roster.engagement_leavers l ON l.user_id = u.user_id AND l.organization_id = e.organization_id"+
		" GROUP BY l.organization_id, e.day, l.ordinal / 512",
		w.Head, w.Tail)
}
