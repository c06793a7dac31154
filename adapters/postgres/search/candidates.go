package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findCandidates takes users of the tokens from Low to before High or, where
// Members, the members of Group.
type findCandidates struct {
	conditions
	Members   bool
	Low, High string
	Group     [16]byte
	cursor
}

// searchCandidates sorts all users of a range of tokens, or all members of an
// organization.
var searchCandidates = sqlcheck.New(sqlcheck.Def[findCandidates, hitRow]{
	Name:  "users.search_candidates",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Members": {"false", "true"}},
	Build: func(p findCandidates) sq.Sqlizer {
		if p.Members {
			return p.sortedHits(p.cursor, sq.Select("u.created_at", "g.user_id").From("roster.memberships g").
				Join("roster.users u ON u.id = g.user_id").
				Where("g.organization_id = ?", p.Group))
		}
		return p.sortedHits(p.cursor, sq.Select("DISTINCT w.created_at", "w.user_id").From("roster.postings w").Where(inRange, p.Low, p.High))
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
		members := sq.Select("1").From("roster.memberships g").Where("g.organization_id = ?", any(p.Group.V)).Suffix("LIMIT ?", p.Most)
		return sq.Expr("SELECT c.size FROM (SELECT (SELECT count(*) FROM (?) s) AS size, i.place FROM ? WITH ORDINALITY i (low, high, place)"+
			" UNION ALL SELECT count(*), 0 FROM (?) s) c ORDER BY c.place", postings, in, members)
	},
})

func ranges(lows, highs []string) sq.Sqlizer {
	return sq.Expr("unnest(?::text[], ?::text[])", lows, highs)
}

// postingsOf selects from the postings of the tokens from the low to before the
// high of a row.
func postingsOf(selected, row string) sq.SelectBuilder {
	return sq.Select(selected).From("roster.postings w").
		Where("w.token >= " + row + ".low AND w.token < " + row + ".high")
}
