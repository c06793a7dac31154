package search

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// mergedLists are the posting lists of some tokens, each read to a Depth. Where a
// list goes on, candidates older than its last posting read are left out, so that
// the others are complete.
type mergedLists struct {
	Lists []string
	Depth int32
	tierCursor
}

func (p mergedLists) candidates() (with, from sq.Sqlizer) {
	newest := inOrder(p.postings("w.token = t.token")).Suffix("LIMIT ?", p.Depth)
	return sq.Expr("e AS MATERIALIZED (SELECT t.token, l.created_at, l.user_id"+
			" FROM unnest(?::text[]) t (token) CROSS JOIN LATERAL (?) l)", p.Lists, newest),
		sq.Expr("(SELECT DISTINCT e.created_at, e.user_id FROM e WHERE e.created_at > coalesce(("+
			"SELECT max(c.oldest) FROM (SELECT min(e.created_at) AS oldest FROM e GROUP BY e.token HAVING count(*) = ?) c), '-infinity')"+
			" ORDER BY e.created_at DESC, e.user_id DESC)", p.Depth)
}

// findMerged takes users from the posting lists of tokens with a prefix (tier 3)
// or, where Fuzzy, of the expansions of one token (tier 4).
type findMerged struct {
	conditions
	Fuzzy bool
	// Alternatives are regular expressions and Phrases LIKE patterns; a user of
	// tier 4 matches all.
	Alternatives, Phrases []string
	mergedLists
}

// searchMerged reads the newest postings of each list.
var searchMerged = sqlcheck.New(sqlcheck.Def[findMerged, hitRow]{
	Name:  "users.search_merged",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Fuzzy": {"false", "true"}},
	Build: func(p findMerged) sq.Sqlizer {
		tier, users := "3", p.matching().Where("NOT u.search LIKE ALL(?)", p.Tokens)
		if p.Fuzzy {
			tier, users = "4", p.Apply(rows.SelectAnyUsers()).Where("u.search ~ ALL(?)", p.Alternatives).
				Where("u.search LIKE ALL(?)", p.Phrases).Where("NOT u.search LIKE ANY(?)", p.Excluded)
		}
		with, from := p.candidates()
		return sq.Expr("WITH ? SELECT "+hitColumns+", "+tier+" AS match FROM ? c CROSS JOIN LATERAL (?) f ORDER BY "+newestFirst+" LIMIT ?",
			with, from, byPrimaryKey(users), p.Limit)
	},
})

// rangeTokens asks for the distinct tokens of a range.
type rangeTokens struct {
	Low, High string
	Most      int32
}

type tokenRow struct {
	Token *string `db:"token"`
}

func (r tokenRow) token() (string, error) { return *r.Token, nil }

// searchTokens leaps from each token to the next.
var searchTokens = sqlcheck.New(sqlcheck.Def[rangeTokens, tokenRow]{
	Name: "users.search_tokens",
	Build: func(p rangeTokens) sq.Sqlizer {
		next := func(where string, args ...any) sq.SelectBuilder {
			return sq.Select("w.token").From("roster.postings w").Where(where, args...).
				Where("w.token < ?", p.High).OrderBy("w.token").Suffix("LIMIT 1")
		}
		return sq.Expr("WITH RECURSIVE d (token) AS ((?) UNION ALL SELECT (?) FROM d WHERE d.token IS NOT NULL)"+
			" SELECT d.token FROM d WHERE d.token IS NOT NULL LIMIT ?", next("w.token >= ?", p.Low), next("w.token > d.token"), p.Most)
	},
})

// tokensBetween returns the tokens of a range, or none where there are too many
// to merge.
func (r *run) tokensBetween(ctx context.Context, low, high string) ([]string, error) {
	tokens, err := database.All(ctx, r.pool, searchTokens, rangeTokens{low, high, maxMergedTokens + 1}, tokenRow.token)
	if len(tokens) > maxMergedTokens {
		return nil, err
	}
	return tokens, err
}
