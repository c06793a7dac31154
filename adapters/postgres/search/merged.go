package search

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findMerged takes users from posting Lists of tokens with a prefix (tier 3) or,
// where Fuzzy, of the expansions of one token (tier 4). Each list is read to a Depth.
type findMerged struct {
	conditions
	Fuzzy bool
	// Alternatives are regular expressions and Phrases LIKE patterns; a user of
	// tier 4 matches all.
	Alternatives, Phrases []string
	Lists                 []string
	Depth                 int32
	scan
}

// searchMerged reads the newest postings of each list. The first list that ends at
// its Depth ends the search: others are not known to be complete beyond.
var searchMerged = sqlcheck.New(sqlcheck.Def[findMerged, hitRow]{
	Name:  "users.search_merged",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Fuzzy": {"false", "true"}},
	Build: func(p findMerged) sq.Sqlizer {
		tier, users := "3", p.ofTier("3")
		if p.Fuzzy {
			tier, users = "4", p.ApplyEach(rows.SelectAnyUsers()).Where("u.search ~ ALL(?)", p.Alternatives).
				Where("u.search LIKE ALL(?)", p.Phrases).Where("NOT u.search LIKE ANY(?)", p.Excluded)
		}
		newest := numbered(p.postings(p.tierCursor, "w.token = t.token")).Suffix("LIMIT ?", p.Depth)
		candidates := sq.Expr("WITH e AS MATERIALIZED (SELECT l.created_at, l.user_id, l.n"+
			" FROM unnest(?::text[]) t (token) CROSS JOIN LATERAL (?) l),"+
			" cut AS MATERIALIZED (SELECT e.created_at, e.user_id FROM e WHERE e.n = ? ORDER BY e.created_at DESC, e.user_id DESC LIMIT 1)"+
			" SELECT e.created_at, e.user_id, max(e.n) = ? AS ended FROM e"+
			" WHERE NOT EXISTS (SELECT FROM cut WHERE (e.created_at, e.user_id) < (cut.created_at, cut.user_id))"+
			" GROUP BY e.created_at, e.user_id", p.Lists, newest, p.Depth, p.Depth)
		return p.hits(tier, columns, candidates, users)
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

// tokensBetween returns the tokens of a range, or none where there are more than most.
func (r *run) tokensBetween(ctx context.Context, low, high string, most int32) ([]string, error) {
	tokens, err := database.All(ctx, r.pool, searchTokens, rangeTokens{low, high, most + 1}, tokenRow.token)
	if len(tokens) > int(most) {
		return nil, err
	}
	return tokens, err
}
