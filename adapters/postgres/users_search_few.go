package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// searchFew looks at all users who have the rarest of the words from each Low
// to its High, where they are few. Else it finds nobody.
type searchFew struct {
	matching
	Lows, Highs []string
	place
}

var searchedFew = sqlcheck.New(sqlcheck.Def[searchFew, foundRow]{
	Name:  "users.search_few",
	Enums: searchEnums,
	Build: func(p searchFew) sq.Sqlizer {
		return p.picked(p.place, sq.Expr("SELECT l.created_at, l.user_id FROM (?) r CROSS JOIN LATERAL (?) l", rarest(rangesOf(p.Lows, p.Highs)), fewBetween()))
	},
})

func rangesOf(lows, highs []string) sq.Sqlizer {
	return sq.Expr("unnest(?::text[], ?::text[])", lows, highs)
}

// rarest is the word, from a low to a high, of which there are the fewest
// entries, if those are few. A word that hardly anybody has keeps the entries of
// the others from being counted.
func rarest(words sq.Sqlizer) sq.Sqlizer {
	counted := func(entries sq.SelectBuilder) sq.Sqlizer {
		return sq.Expr("SELECT i.low, i.high, (SELECT count(*) FROM (?) e) AS size FROM ? i (low, high) ORDER BY size LIMIT 1", entries, words)
	}
	return sq.Expr("SELECT s.low, s.high, s.size FROM ((SELECT h.low, h.high, h.size FROM (?) h WHERE h.size < "+hardly+
		") UNION ALL (?) LIMIT 1) s WHERE s.size < "+few,
		counted(entriesBetween("1", "i").Suffix("LIMIT "+hardly)), counted(entriesBetween("1", "i").Suffix("LIMIT "+few)))
}

// fewBetween are the entries of the words from the low to the high of r.
func fewBetween() sq.Sqlizer {
	return sq.Expr("SELECT DISTINCT w.created_at, w.user_id FROM (?) w",
		entriesBetween("w.created_at, w.user_id", "r").Suffix("LIMIT "+few))
}

// entriesBetween are those of the words from the low to the high of a row.
func entriesBetween(selected, row string) sq.SelectBuilder {
	return sq.Select(selected).From("roster.postings w").
		Where("w.token >= " + row + ".low AND w.token < " + row + ".high")
}

// searchFewOfMany is searchFew for several searches of all users. Whom the whole
// term names has all of its words, and is found with the others, before them.
type searchFewOfMany struct {
	anyUserFilter
	Lows, Highs, Whole, Begun, Not []string
	// Of each search, which of those are its own: from a first to a last, counted
	// from 1.
	FirstWords, LastWords, FirstPatterns, LastPatterns, FirstNots, LastNots []int32
	Names                                                                   []string
	Limits                                                                  []int32
}

type fewOfManyRow struct {
	foundRow
	Place int64 `db:"place"`
}

var searchedFewOfMany = sqlcheck.New(sqlcheck.Def[searchFewOfMany, fewOfManyRow]{
	Name:  "users.search_few_of_many",
	Enums: searchEnums,
	Build: func(p searchFewOfMany) sq.Sqlizer {
		searches := sq.Expr("unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::text[], ?::integer[]) WITH ORDINALITY"+
			" v (first_word, last_word, first_pattern, last_pattern, first_not, last_not, name, most, place)",
			p.FirstWords, p.LastWords, p.FirstPatterns, p.LastPatterns, p.FirstNots, p.LastNots, p.Names, p.Limits)
		words := sq.Expr("unnest((?::text[])[v.first_word:v.last_word], (?::text[])[v.first_word:v.last_word])", p.Lows, p.Highs)
		users := lookedUp(p.apply(selectAnyUsers()).
			Column(sq.Expr("CASE WHEN u.deleted_at IS NULL AND "+isNamedIn("v.name")+" THEN 1 WHEN u.search LIKE ALL((?::text[])[v.first_pattern:v.last_pattern]) THEN 2 ELSE 3 END AS match", p.Whole)).
			Where("u.search LIKE ALL((?::text[])[v.first_pattern:v.last_pattern])", p.Begun).
			Where("NOT u.search LIKE ANY((?::text[])[v.first_not:v.last_not])", p.Not))
		return sq.Expr("SELECT "+foundColumns+", f.match, v.place FROM ? CROSS JOIN LATERAL ("+
			"SELECT "+foundColumns+", f.match FROM (?) r CROSS JOIN LATERAL (?) c CROSS JOIN LATERAL (?) f ORDER BY f.match, "+latestFirst+" LIMIT v.most) f"+
			" ORDER BY v.place, f.match, f.created_at DESC, f.id DESC", searches, rarest(words), fewBetween(), users)
	},
})

// fewOfMany gathers searches for one statement.
type fewOfMany struct {
	searches []*search
	p        searchFewOfMany
	rows     *sqlcheck.Result[fewOfManyRow]
}

func (f *fewOfMany) add(q *search) {
	f.searches = append(f.searches, q)
	p := &f.p
	p.anyUserFilter = q.m.anyUserFilter // all users: the same for each
	own := func(firsts, lasts *[]int32, before, added int) {
		*firsts, *lasts = append(*firsts, int32(before+1)), append(*lasts, int32(before+added)) //nolint:gosec // a few words each
	}
	own(&p.FirstWords, &p.LastWords, len(p.Lows), len(q.lows))
	own(&p.FirstPatterns, &p.LastPatterns, len(p.Whole), len(q.m.Whole))
	own(&p.FirstNots, &p.LastNots, len(p.Not), len(q.m.Not))
	p.Lows, p.Highs = append(p.Lows, q.lows...), append(p.Highs, q.highs...)
	p.Whole, p.Begun = append(p.Whole, q.m.Whole...), append(p.Begun, q.m.Begun...)
	p.Not = append(p.Not, q.m.Not...)
	p.Names, p.Limits = append(p.Names, q.m.Name), append(p.Limits, q.place.Limit)
}

func (f *fewOfMany) queue(b *sqlcheck.Batch) {
	if len(f.searches) > 0 {
		f.rows = searchedFewOfMany.Queue(b, f.p)
	}
}

// share gives each search what was found for it.
func (f *fewOfMany) share() {
	if f.rows == nil {
		return
	}
	for _, row := range f.rows.Rows {
		q := f.searches[row.Place-1]
		q.first.few = append(q.first.few, row.foundRow)
	}
}

// searchNobody asks whether the rarest of the words is had by few, of whom
// nobody is looked for: it finds that word then, and how many entries it has.
type searchNobody struct {
	required
	Lows, Highs []string
}

type nobodyRow struct {
	Low  *string `db:"low"`
	Size int64   `db:"size"`
}

var searchedNobody = sqlcheck.New(sqlcheck.Def[searchNobody, nobodyRow]{
	Name:  "users.search_nobody",
	Enums: searchEnums,
	Build: func(p searchNobody) sq.Sqlizer {
		return sq.Expr("SELECT r.low, r.size FROM (?) r WHERE NOT EXISTS (SELECT FROM (?) c CROSS JOIN LATERAL (?) f)",
			rarest(rangesOf(p.Lows, p.Highs)), fewBetween(), lookedUp(p.described()))
	},
})

// nobody reports whether the rarest word shows that nobody has all the words.
func (q *search) nobody(ctx context.Context) (bool, error) {
	rows, err := list(ctx, q.d, searchedNobody, searchNobody{q.m.required, q.lows, q.highs}, func(r nobodyRow) (nobodyRow, error) { return r, nil })
	if err != nil || len(rows) == 0 {
		return false, err
	}
	for i, word := range q.words {
		if word == *rows[0].Low && rows[0].Size == 0 && q.edits(i) == 0 {
			q.unknown = true
		}
	}
	return true, nil
}
