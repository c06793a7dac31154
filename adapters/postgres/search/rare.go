package search

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findRare takes users of the rarest of several tokens, each from a Low to
// before its High. Where that token is not rare, it finds nobody.
type findRare struct {
	conditions
	Lows, Highs []string
	cursor
}

var searchRare = sqlcheck.New(sqlcheck.Def[findRare, hitRow]{
	Name:  "users.search_few",
	Enums: enums,
	Build: func(p findRare) sq.Sqlizer {
		return p.sortedHits(p.cursor, sq.Expr("SELECT l.created_at, l.user_id FROM (?) r CROSS JOIN LATERAL (?) l",
			rarest(ranges(p.Lows, p.Highs)), rarePostings()))
	},
})

// rarest selects the range with the fewest postings, if it is rare. Ranges are
// counted a little way first: a very rare one keeps the postings of the others
// from being counted.
func rarest(ranges sq.Sqlizer) sq.Sqlizer {
	counted := func(limit string) sq.Sqlizer {
		return sq.Expr("SELECT i.low, i.high, (SELECT count(*) FROM (?) e) AS size FROM ? i (low, high) ORDER BY size LIMIT 1",
			postingsOf("1", "i").Suffix("LIMIT "+limit), ranges)
	}
	return sq.Expr("SELECT s.low, s.high, s.size FROM ((SELECT h.low, h.high, h.size FROM (?) h WHERE h.size < "+veryRareText+
		") UNION ALL (?) LIMIT 1) s WHERE s.size < "+rareText, counted(veryRareText), counted(rareText))
}

// rarePostings selects the postings of the rarest range r.
func rarePostings() sq.Sqlizer {
	return sq.Expr("SELECT DISTINCT w.created_at, w.user_id FROM (?) w", postingsOf("w.created_at, w.user_id", "r").Suffix("LIMIT "+rareText))
}

type findNobody struct {
	filter
	Lows, Highs []string
}

type nobodyRow struct {
	Low  *string `db:"low"`
	Size int64   `db:"size"`
}

// searchNobody returns the rarest range and the number of its postings where it
// is rare and none of its users matches.
var searchNobody = sqlcheck.New(sqlcheck.Def[findNobody, nobodyRow]{
	Name:  "users.search_nobody",
	Enums: enums,
	Build: func(p findNobody) sq.Sqlizer {
		return sq.Expr("SELECT r.low, r.size FROM (?) r WHERE NOT EXISTS (SELECT FROM (?) c CROSS JOIN LATERAL (?) f)",
			rarest(ranges(p.Lows, p.Highs)), rarePostings(), byPrimaryKey(p.matching()))
	},
})

// nobody reports whether the rarest token shows that no user matches.
func (r *run) nobody(ctx context.Context) (bool, error) {
	found, err := database.All(ctx, r.pool, searchNobody, findNobody{r.conditions.filter, r.lows, r.highs}, database.AsIs[nobodyRow])
	if err != nil || len(found) == 0 {
		return false, err
	}
	for i, token := range r.tokens {
		if token == *found[0].Low && found[0].Size == 0 && r.edits(i) == 0 {
			r.noSuch = true
		}
	}
	return true, nil
}
