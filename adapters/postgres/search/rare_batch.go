package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findRareBatch is findRare for several searches of all users. It also finds
// tier 1: the user that the whole term names has all its tokens.
type findRareBatch struct {
	rows.AnyUserFilter
	Lows, Highs, Tokens, Prefixes, Excluded []string
	// For each search, which elements of the arrays are its own: from a first to a
	// last, counted from 1.
	FirstRanges, LastRanges, FirstPatterns, LastPatterns, FirstExcluded, LastExcluded []int32

	Names  []string
	Limits []int32
}

type rareBatchRow struct {
	hitRow
	Place int64 `db:"place"`
}

var searchRareBatch = sqlcheck.New(sqlcheck.Def[findRareBatch, rareBatchRow]{
	Name:  "users.search_few_of_many",
	Enums: enums,
	Build: func(p findRareBatch) sq.Sqlizer {
		searches := sq.Expr("unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::text[], ?::integer[]) WITH ORDINALITY"+
			" v (first_word, last_word, first_pattern, last_pattern, first_not, last_not, name, most, place)",
			p.FirstRanges, p.LastRanges, p.FirstPatterns, p.LastPatterns, p.FirstExcluded, p.LastExcluded, p.Names, p.Limits)
		own := sq.Expr("unnest((?::text[])[v.first_word:v.last_word], (?::text[])[v.first_word:v.last_word])", p.Lows, p.Highs)
		tier := "CASE WHEN u.deleted_at IS NULL AND " + isNamed("v.name") +
			" THEN 1 WHEN u.search LIKE ALL((?::text[])[v.first_pattern:v.last_pattern]) THEN 2 ELSE 3 END AS match"
		users := byPrimaryKey(p.Apply(rows.SelectAnyUsers()).Column(sq.Expr(tier, p.Tokens)).
			Where("u.search LIKE ALL((?::text[])[v.first_pattern:v.last_pattern])", p.Prefixes).
			Where("NOT u.search LIKE ANY((?::text[])[v.first_not:v.last_not])", p.Excluded))
		return sq.Expr("SELECT "+hitColumns+", f.match, v.place FROM ? CROSS JOIN LATERAL ("+
			"SELECT "+hitColumns+", f.match FROM (?) r CROSS JOIN LATERAL (?) c CROSS JOIN LATERAL (?) f ORDER BY f.match, "+newestFirst+" LIMIT v.most) f"+
			" ORDER BY v.place, f.match, f.created_at DESC, f.id DESC", searches, rarest(own), rarePostings(), users)
	},
})

// rareBatch gathers searches for one statement.
type rareBatch struct {
	runs   []*run
	params findRareBatch
	found  *sqlcheck.Result[rareBatchRow]
}

// newRareBatch has an empty array of exclusions: a nil one would be NULL.
func newRareBatch() rareBatch { return rareBatch{params: findRareBatch{Excluded: []string{}}} }

func (b *rareBatch) add(r *run) {
	b.runs = append(b.runs, r)
	p, c := &b.params, r.conditions
	p.AnyUserFilter = c.AnyUserFilter // that of all users, in each
	own := func(firsts, lasts *[]int32, before, added int) {
		*firsts, *lasts = append(*firsts, int32(before+1)), append(*lasts, int32(before+added)) //nolint:gosec // a few tokens each
	}
	own(&p.FirstRanges, &p.LastRanges, len(p.Lows), len(r.lows))
	own(&p.FirstPatterns, &p.LastPatterns, len(p.Tokens), len(c.Tokens))
	own(&p.FirstExcluded, &p.LastExcluded, len(p.Excluded), len(c.Excluded))
	p.Lows, p.Highs = append(p.Lows, r.lows...), append(p.Highs, r.highs...)
	p.Tokens, p.Prefixes = append(p.Tokens, c.Tokens...), append(p.Prefixes, c.Prefixes...)
	p.Excluded = append(p.Excluded, c.Excluded...)
	p.Names, p.Limits = append(p.Names, c.Name), append(p.Limits, r.cursor.Limit)
}

func (b *rareBatch) queue(queries *sqlcheck.Batch) {
	if len(b.runs) > 0 {
		b.found = searchRareBatch.Queue(queries, b.params)
	}
}

// distribute gives each search its hits.
func (b *rareBatch) distribute() {
	if b.found == nil {
		return
	}
	for _, row := range b.found.Rows {
		r := b.runs[row.Place-1]
		r.first.rare = append(r.first.rare, row.hitRow)
	}
}
