package search

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// nearTokens asks for the tokens that may be within edits of some tokens, up to Most
// for each.
type nearTokens struct {
	Tokens []string
	Most   int32
}

type nearRow struct {
	Place int64  `db:"place"`
	Token string `db:"token"`
}

// searchVocabulary finds the tokens that share a deletion hash with one of them.
var searchVocabulary = sqlcheck.New(sqlcheck.Def[nearTokens, nearRow]{
	Name: "users.search_vocabulary",
	Build: func(p nearTokens) sq.Sqlizer {
		return sq.Expr("SELECT DISTINCT t.place, k.token FROM unnest(?::text[]) WITH ORDINALITY t (token, place)"+
			" CROSS JOIN LATERAL (?) k ORDER BY t.place, k.token",
			p.Tokens, sq.Select("s.token").From("roster.vocabulary s").
				Where("s.deletion_hashes && roster.deletion_hashes(t.token)").Suffix("LIMIT ?", p.Most))
	},
})
