package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type nearTokens struct{ Words []string }

type nearRow struct {
	Place int64  `db:"place"`
	Word  string `db:"word"`
}

// searchVocabulary finds the tokens that share a deletion hash with one of some
// tokens, and so may be within edits of it.
var searchVocabulary = sqlcheck.New(sqlcheck.Def[nearTokens, nearRow]{
	Name: "users.search_near",
	Build: func(p nearTokens) sq.Sqlizer {
		return sq.Expr("SELECT DISTINCT t.place, k.word FROM unnest(?::text[]) WITH ORDINALITY t (word, place) CROSS JOIN LATERAL (?) k ORDER BY t.place, k.word",
			p.Words, sq.Select("s.word").From("roster.search_words s").
				Where("s.near && roster.search_near(t.word)").Suffix("OFFSET 0"))
	},
})

// findFuzzy takes users from the posting lists of the expansions of one token.
// Alternatives are regular expressions and Phrases LIKE patterns; all must match.
type findFuzzy struct {
	rows.AnyUserFilter
	Alternatives, Phrases, Excluded []string
	mergedLists
}

var searchFuzzy = sqlcheck.New(sqlcheck.Def[findFuzzy, hitRow]{
	Name:  "users.search_similar",
	Enums: enums,
	Build: func(p findFuzzy) sq.Sqlizer {
		users := byPrimaryKey(p.Apply(rows.SelectAnyUsers()).
			Where("u.search ~ ALL(?)", p.Alternatives).
			Where("u.search LIKE ALL(?)", p.Phrases).Where("NOT u.search LIKE ANY(?)", p.Excluded))
		with, from := p.candidates()
		return sq.Expr("WITH ? SELECT "+hitColumns+", 4 AS match FROM ? c CROSS JOIN LATERAL (?) f ORDER BY "+newestFirst+" LIMIT ?",
			with, from, users, p.Limit)
	},
})
