package search

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findRare takes, for each of several searches, the users of its rarest token.
// Where that token is not rare, the search has no row.
type findRare struct {
	rows.AnyUserFilter
	Lows, Highs, Tokens, Prefixes, Excluded []string
	// The elements of the arrays that belong to each search: from a first to a last,
	// counted from 1.
	FirstRanges, LastRanges, FirstPatterns, LastPatterns, FirstExcluded, LastExcluded []int32

	Names []string
	// The cursor of each search.
	Matches []int32
	Ats     []time.Time
	IDs     [][16]byte
	Limits  []int32
}

// rareRow is a hit of a search. Where its rarest token is rare and no user matches,
// its only row is of tier 0.
type rareRow struct {
	hitRow
	Place int64   `db:"place"`
	Low   *string `db:"low"` // of the rarest token
	// Passes is whether a user of that token passes the filter.
	Passes bool `db:"passes"`
}

// searchRare finds tier 1, too: the user that the whole term names has all its
// tokens.
var searchRare = sqlcheck.New(sqlcheck.Def[findRare, rareRow]{
	Name:  "users.search_rare",
	Enums: enums,
	Build: func(p findRare) sq.Sqlizer {
		searches := sq.Expr("unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::text[],"+
			" ?::integer[], ?::timestamptz[], ?::uuid[], ?::integer[]) WITH ORDINALITY"+
			" v (first_range, last_range, first_pattern, last_pattern, first_excluded, last_excluded, name, match, at, id, most, place)",
			p.FirstRanges, p.LastRanges, p.FirstPatterns, p.LastPatterns, p.FirstExcluded, p.LastExcluded, p.Names,
			p.Matches, p.Ats, any(p.IDs), p.Limits)
		own := sq.Expr("unnest((?::text[])[v.first_range:v.last_range], (?::text[])[v.first_range:v.last_range])", p.Lows, p.Highs)
		tier := "CASE WHEN u.deleted_at IS NULL AND " + isNamed("v.name") +
			" THEN 1 WHEN u.search LIKE ALL((?::text[])[v.first_pattern:v.last_pattern]) THEN 2 ELSE 3 END AS match"
		passing := p.ApplyEach(rows.SelectAnyUsers()).
			Where("NOT u.search LIKE ANY((?::text[])[v.first_excluded:v.last_excluded])", p.Excluded)
		users := byPrimaryKey(passing.Column(sq.Expr(tier, p.Tokens)).
			Where("u.search LIKE ALL((?::text[])[v.first_pattern:v.last_pattern])", p.Prefixes))
		return sq.Expr("SELECT "+hitOrNone+", coalesce(f.match, 0) AS match, false AS last, v.place, r.low,"+
			" f.id IS NOT NULL OR EXISTS (SELECT FROM (?) c CROSS JOIN LATERAL (?) u) AS passes"+
			" FROM ? CROSS JOIN LATERAL (?) r LEFT JOIN LATERAL ("+
			"SELECT "+hitColumns+", f.match FROM (?) c CROSS JOIN LATERAL (?) f"+
			" WHERE f.match > v.match OR f.match = v.match AND (c.created_at, c.user_id) < (v.at, v.id)"+
			" ORDER BY f.match, "+newestFirst+" LIMIT v.most) f ON true"+
			" ORDER BY v.place, f.match, f.created_at DESC, f.id DESC",
			postingsOf("w.user_id", "r").Suffix("LIMIT "+rareText), byPrimaryKey(passing), searches, rarest(own), rarePostings(), users)
	},
})

// rarest selects the range with the fewest postings, if it is rare. Ranges are
// first counted up to veryRareText. If one has fewer postings, the others are not
// counted further.
func rarest(ranges sq.Sqlizer) sq.Sqlizer {
	counted := func(postings sq.SelectBuilder) sq.Sqlizer {
		return sq.Expr("SELECT i.low, i.high, (SELECT count(*) FROM (?) e) AS size FROM ? i (low, high) ORDER BY size LIMIT 1", postings, ranges)
	}
	return sq.Expr("SELECT s.low, s.high, s.size FROM ((SELECT h.low, h.high, h.size FROM (?) h WHERE h.size < "+veryRareText+
		") UNION ALL (?) LIMIT 1) s WHERE s.size < "+rareText,
		counted(postingsOf("1", "i").Suffix("LIMIT "+veryRareText)), counted(postingsOf("1", "i").Suffix("LIMIT "+rareText)))
}

// rarePostings selects the postings of the rarest range r.
func rarePostings() sq.Sqlizer {
	return sq.Expr("SELECT DISTINCT w.created_at, w.user_id FROM (?) w", postingsOf("w.created_at, w.user_id", "r").Suffix("LIMIT "+rareText))
}

// rareBatch gathers searches for one statement.
type rareBatch struct {
	runs   []*run
	params findRare
	found  *sqlcheck.Result[rareRow]
}

// newRareBatch has an empty array of exclusions: a nil one would be NULL.
func newRareBatch() rareBatch { return rareBatch{params: findRare{Excluded: []string{}}} }

// add adds a search. All in a batch have the same filter.
func (b *rareBatch) add(r *run) {
	b.runs = append(b.runs, r)
	p, c := &b.params, r.conditions
	p.AnyUserFilter = c.AnyUserFilter
	own := func(firsts, lasts *[]int32, before, added int) {
		*firsts, *lasts = append(*firsts, int32(before+1)), append(*lasts, int32(before+added)) //nolint:gosec // a few tokens each
	}
	own(&p.FirstRanges, &p.LastRanges, len(p.Lows), len(r.lows))
	own(&p.FirstPatterns, &p.LastPatterns, len(p.Tokens), len(c.Tokens))
	own(&p.FirstExcluded, &p.LastExcluded, len(p.Excluded), len(c.Excluded))
	p.Lows, p.Highs = append(p.Lows, r.lows...), append(p.Highs, r.highs...)
	p.Tokens, p.Prefixes = append(p.Tokens, c.Tokens...), append(p.Prefixes, c.Prefixes...)
	p.Excluded = append(p.Excluded, c.Excluded...)
	p.Names = append(p.Names, c.Name)
	at := r.position()
	p.Matches, p.Ats, p.IDs = append(p.Matches, at.Match), append(p.Ats, at.At), append(p.IDs, at.ID)
	p.Limits = append(p.Limits, at.Limit)
}

func (b *rareBatch) queue(queries *sqlcheck.Batch) {
	if len(b.runs) > 0 {
		b.found = searchRare.Queue(queries, b.params)
	}
}

// distribute gives each search its rows.
func (b *rareBatch) distribute() {
	if b.found == nil {
		return
	}
	for _, row := range b.found.Rows {
		b.runs[row.Place-1].takeRare(row)
	}
}

// takeRare takes a row of the rarest token.
func (r *run) takeRare(row rareRow) {
	if row.Match > 0 {
		r.first.rare = append(r.first.rare, row.hitRow)
		return
	}
	r.noMatch = true
	for i, token := range r.tokens {
		if token == *row.Low && !row.Passes {
			r.setAbsent(i)
		}
	}
}

// rare runs the statement for a search by itself, and reports whether it found all.
func (r *run) rare(ctx context.Context) (bool, error) {
	b := newRareBatch()
	b.add(r)
	found, err := database.All(ctx, r.pool, searchRare, b.params, database.AsIs[rareRow])
	if err != nil {
		return false, err
	}
	for _, row := range found {
		r.takeRare(row)
	}
	return r.endRare()
}

// endRare takes the hits of the rarest token, and reports whether that is rare: then
// they are all of tiers 1 to 3.
func (r *run) endRare() (bool, error) {
	rare := r.first.rare
	r.first.rare = nil
	if len(rare) == 0 && !r.noMatch {
		return false, nil
	}
	err := r.take(rare)
	r.endPrefixes()
	return true, err
}
