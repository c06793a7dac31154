package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// nearTokens asks for the tokens that may be within edits of some tokens.
type nearTokens struct{ Tokens []string }

type nearRow struct {
	Place int64  `db:"place"`
	Word  string `db:"word"`
}

// searchVocabulary finds the tokens that share a deletion hash with one of them.
var searchVocabulary = sqlcheck.New(sqlcheck.Def[nearTokens, nearRow]{
	Name: "users.search_vocabulary",
	Build: func(p nearTokens) sq.Sqlizer {
		return sq.Expr("SELECT DISTINCT t.place, k.word FROM unnest(?::text[]) WITH ORDINALITY t (word, place) CROSS JOIN LATERAL (?) k ORDER BY t.place, k.word",
			p.Tokens, sq.Select("s.word").From("roster.search_words s").
				Where("s.near && roster.search_near(t.word)").Suffix("OFFSET 0"))
	},
})
