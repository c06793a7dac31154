package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findWords takes users of one token or two. Of each of two, it reads no more than
// Depth postings.
type findWords struct {
	conditions
	Token string
	Other sqlcheck.Opt[string]
	Depth int32
	scan
}

// searchWords reads the posting list of a token, which is in page order, or those
// of two side by side, no further than the page needs.
var searchWords = sqlcheck.New(sqlcheck.Def[findWords, hitRow]{
	Name:  "users.search_words",
	Enums: enums,
	Build: func(p findWords) sq.Sqlizer {
		if !p.Other.Set {
			list := inOrder(p.postings(p.tierCursor, "w.token = ?", p.Token).Column("false AS ended")).Suffix("LIMIT ?", p.Users)
			return p.hits("2", columns, list, p.ofTier("2"))
		}
		list := func(token string) sq.SelectBuilder {
			return numbered(sq.Select("w.created_at", "w.user_id").From("roster.postings w").Where("w.token = ?", token).
				Where("w.created_at >= (SELECT s.oldest FROM span s)").
				Where("(w.created_at, w.user_id) < ((SELECT s.newest FROM span s), (SELECT s.id FROM span s))")).Suffix("LIMIT ?", p.Depth)
		}
		// Where one list ends at its Depth, the other has no partner for what follows.
		both := sq.Expr("WITH span AS MATERIALIZED (?)"+
			" SELECT l.created_at, l.user_id, max(l.n) = ? AS ended FROM ((?) UNION ALL (?)) l"+
			" GROUP BY l.created_at, l.user_id HAVING count(*) = 2 OR max(l.n) = ?"+
			" ORDER BY l.created_at DESC, l.user_id DESC", p.span(), p.Depth, list(p.Token), list(p.Other.V), p.Depth)
		return p.hits("2", columns, both, p.ofTier("2"))
	},
})

// span is the time in which both tokens have postings, after the cursor. There is no
// row where a token has none. A list has one condition for each end: of two, the
// index might begin at the wider one.
func (p findWords) span() sq.Sqlizer {
	times := func(token string) sq.SelectBuilder {
		return sq.Select("w.created_at").From("roster.postings w").Where("w.token = ?", token).Suffix("LIMIT 1")
	}
	// OFFSET keeps the planner from reading each end twice.
	ends := sq.Expr("SELECT (?) AS one, (?) AS other, least((?), (?)) AS newest OFFSET 0",
		times(p.Token).OrderBy("w.created_at"), times(p.Other.V).OrderBy("w.created_at"),
		times(p.Token).OrderBy("w.created_at DESC"), times(p.Other.V).OrderBy("w.created_at DESC"))
	return sq.Expr("SELECT greatest(?, e.one, e.other) AS oldest, least(?, e.newest) AS newest,"+
		" CASE WHEN ? <= e.newest THEN ?::uuid ELSE "+lastID+" END AS id"+
		" FROM (?) e WHERE e.one IS NOT NULL AND e.other IS NOT NULL", p.CreatedFrom, p.At, p.At, any(p.ID), ends)
}

// findPrefixes takes users of the tokens from Low to before High or, where Two,
// of those and of the tokens from OtherLow to before OtherHigh. Where a range has
// Most postings, the only row is in tier -1.
type findPrefixes struct {
	conditions
	Low, High           string
	Two                 bool
	OtherLow, OtherHigh string
	Most                int32
	scan
}

// searchPrefixes sorts all postings of the tokens with one prefix, or those that
// two prefixes share.
var searchPrefixes = sqlcheck.New(sqlcheck.Def[findPrefixes, hitRow]{
	Name:  "users.search_prefixes",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Two": {"false", "true"}},
	Build: func(p findPrefixes) sq.Sqlizer {
		all := func(low, high string) sq.SelectBuilder {
			return sq.Select("w.created_at", "w.user_id").From("roster.postings w").Where(inRange, low, high).
				OrderBy("w.token").Suffix("LIMIT ?", p.Most)
		}
		with, users, most := sq.Expr("e AS MATERIALIZED (?)", all(p.Low, p.High)), "e", "(SELECT count(*) FROM e)"
		if p.Two {
			with = sq.Expr("?, o AS MATERIALIZED (?)", with, all(p.OtherLow, p.OtherHigh))
			users = "(SELECT e.created_at, e.user_id FROM e INTERSECT SELECT o.created_at, o.user_id FROM o)"
			most = "greatest(" + most + ", (SELECT count(*) FROM o))"
		}
		candidates := sq.Expr("WITH ? SELECT DISTINCT b.created_at, b.user_id, false AS ended FROM "+users+" b"+
			" WHERE b.created_at >= ? AND (b.created_at, b.user_id) < (?, ?) AND "+most+" < ?"+
			" UNION ALL SELECT ?::timestamptz, NULL::uuid, true WHERE "+most+" = ?",
			with, p.CreatedFrom, p.At, any(p.ID), p.Most, p.At, p.Most)
		return p.hits("3", columns, candidates, p.ofTier("3"))
	},
})

// findNewest takes users from the newest ones; from the deleted ones, too, where
// Deleted.
type findNewest struct {
	conditions
	Deleted bool
	scan
}

// searchNewest finds users of tier 3 in the order of all users.
var searchNewest = sqlcheck.New(sqlcheck.Def[findNewest, hitRow]{
	Name:  "users.search_newest",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Deleted": {"false", "true"}},
	Build: func(p findNewest) sq.Sqlizer {
		newest := func(where string) sq.SelectBuilder {
			return sq.Select("n.created_at", "n.id AS user_id", "n.search", "false AS ended").From("roster.users n").
				Where(where).Where("n.created_at >= ?", p.CreatedFrom).
				Where("(n.created_at, n.id) < (?, ?)", p.At, any(p.ID)).
				OrderBy("n.created_at DESC", "n.id DESC").Suffix("LIMIT ?", p.Users)
		}
		var users sq.Sqlizer = newest("n.deleted_at IS NULL")
		if p.Deleted {
			users = sq.Expr("(?) UNION ALL (?)", newest("n.deleted_at IS NULL").Where("true = ANY(?)", p.Living),
				newest("n.deleted_at IS NOT NULL").Where("false = ANY(?)", p.Living))
		}
		return p.hits("3", columns+", x.search", users, p.ofTier("3").Where("c.search LIKE ALL(?)", p.Prefixes))
	},
})
