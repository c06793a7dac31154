package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findCandidates takes users of the tokens from Low to before High or, where
// Members, the members of Group. Where there are Most, the only row is in tier -1.
type findCandidates struct {
	conditions
	Members   bool
	Low, High string
	Group     [16]byte
	Most      int32
	cursor
}

// searchCandidates sorts all users of a range of tokens, or all members of an
// organization, into a page of tiers 2 and 3.
var searchCandidates = sqlcheck.New(sqlcheck.Def[findCandidates, hitRow]{
	Name:  "users.search_candidates",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Members": {"false", "true"}},
	Build: func(p findCandidates) sq.Sqlizer {
		all := sq.Select("w.user_id").From("roster.postings w").Where(inRange, p.Low, p.High).OrderBy("w.token")
		if p.Members {
			all = sq.Select("g.user_id").From("roster.memberships g").Where("g.organization_id = ?", p.Group).OrderBy("g.user_id")
		}
		users := byPrimaryKey(p.matching().Column(sq.Expr("CASE WHEN u.search LIKE ALL(?) THEN 2 ELSE 3 END AS match", p.Tokens)))
		return sq.Expr("WITH e AS MATERIALIZED (?), d AS (SELECT DISTINCT e.user_id FROM e WHERE (SELECT count(*) FROM e) < ?)"+
			" SELECT "+hitOrNone+", CASE WHEN c.last THEN -1 ELSE coalesce(f.match, 0) END AS match, c.last"+
			" FROM (SELECT d.user_id, false AS last FROM d UNION ALL SELECT NULL::uuid, true WHERE (SELECT count(*) FROM e) = ?) c"+
			" LEFT JOIN LATERAL (?) f ON true"+
			" WHERE c.last OR f.match > ? OR f.match = ? AND (f.created_at, f.id) < (?, ?)"+
			" ORDER BY f.match, f.created_at DESC, f.id DESC LIMIT ?",
			all.Suffix("LIMIT ?", p.Most), p.Most, p.Most, users, p.Match, p.Match, p.At, any(p.ID), p.Limit)
	},
})

// countPostings asks for the number of postings of the tokens from each Low to
// before its High, and for the number of members of Group. Both are counted up to
// Most.
type countPostings struct {
	Lows, Highs []string
	Most        int32
	Group       sqlcheck.Opt[[16]byte]
}

type countRow struct {
	Size int64 `db:"size"`
}

func (r countRow) value() (int64, error) { return r.Size, nil }

// searchCounts returns the count of the members, if any, and then those of the
// ranges in their order.
var searchCounts = sqlcheck.New(sqlcheck.Def[countPostings, countRow]{
	Name: "users.search_counts",
	Build: func(p countPostings) sq.Sqlizer {
		postings, in := postingsOf("1", "i").Suffix("LIMIT ?", p.Most), ranges(p.Lows, p.Highs)
		if !p.Group.Set {
			return sq.Expr("SELECT (SELECT count(*) FROM (?) s) AS size FROM ? WITH ORDINALITY i (low, high, place) ORDER BY i.place", postings, in)
		}
		members := sq.Select("1").From("roster.memberships g").Where("g.organization_id = ?", any(p.Group.V)).
			OrderBy("g.user_id").Suffix("LIMIT ?", p.Most)
		return sq.Expr("SELECT c.size FROM (SELECT (SELECT count(*) FROM (?) s) AS size, i.place FROM ? WITH ORDINALITY i (low, high, place)"+
			" UNION ALL SELECT count(*), 0 FROM (?) s) c ORDER BY c.place", postings, in, members)
	},
})

func ranges(lows, highs []string) sq.Sqlizer {
	return sq.Expr("unnest(?::text[], ?::text[])", lows, highs)
}

// postingsOf selects from the postings of the tokens from the low to before the
// high of a row. Their order, which is that of the index, keeps the planner from
// reading all of them before it applies a limit.
func postingsOf(selected, row string) sq.SelectBuilder {
	return sq.Select(selected).From("roster.postings w").
		Where("w.token >= " + row + ".low AND w.token < " + row + ".high").OrderBy("w.token")
}
