package search

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// mergedLists are the posting lists of some tokens, each read to a Depth. A list
// that goes on ends the candidates at its last posting read: so the candidates
// are complete down to a time.
type mergedLists struct {
	Words []string
	Most  int32
	tierCursor
}

func (p mergedLists) candidates() (with, from sq.Sqlizer) {
	newest := inOrder(p.postings("w.word = t.word")).Suffix("LIMIT ?", p.Most)
	return sq.Expr("e AS MATERIALIZED (SELECT t.word, l.created_at, l.user_id FROM unnest(?::text[]) t (word) CROSS JOIN LATERAL (?) l)", p.Words, newest),
		sq.Expr("(SELECT DISTINCT e.created_at, e.user_id FROM e WHERE e.created_at > coalesce(("+
			"SELECT max(c.oldest) FROM (SELECT min(e.created_at) AS oldest FROM e GROUP BY e.word HAVING count(*) = ?) c), '-infinity')"+
			" ORDER BY e.created_at DESC, e.user_id DESC)", p.Most)
}

// findMerged takes users from the posting lists of tokens with a prefix.
type findMerged struct {
	conditions
	mergedLists
}

var searchMerged = sqlcheck.New(sqlcheck.Def[findMerged, hitRow]{
	Name:  "users.search_merged",
	Enums: enums,
	Build: func(p findMerged) sq.Sqlizer {
		with, from := p.candidates()
		return sq.Expr("WITH ? SELECT "+hitColumns+", 3 AS match FROM ? c CROSS JOIN LATERAL (?) f ORDER BY "+newestFirst+" LIMIT ?",
			with, from, byPrimaryKey(p.matching().Where("NOT u.search LIKE ALL(?)", p.conditions.Tokens)), p.Limit)
	},
})

// rangeTokens asks for the distinct tokens of a range.
type rangeTokens struct {
	Low, High string
	Most      int32
}

type tokenRow struct {
	Word *string `db:"word"`
}

func (r tokenRow) token() (string, error) { return *r.Word, nil }

// searchTokensBetween leaps from each token to the next.
var searchTokensBetween = sqlcheck.New(sqlcheck.Def[rangeTokens, tokenRow]{
	Name: "users.search_words_between",
	Build: func(p rangeTokens) sq.Sqlizer {
		next := func(where string, args ...any) sq.SelectBuilder {
			return sq.Select("w.word").From("roster.user_words w").Where(where, args...).
				Where("w.word < ?", p.High).OrderBy("w.word").Suffix("LIMIT 1")
		}
		return sq.Expr("WITH RECURSIVE d (word) AS ((?) UNION ALL SELECT (?) FROM d WHERE d.word IS NOT NULL)"+
			" SELECT d.word FROM d WHERE d.word IS NOT NULL LIMIT ?", next("w.word >= ?", p.Low), next("w.word > d.word"), p.Most)
	},
})

// tokensBetween returns the tokens of a range, or none where there are too many
// to merge.
func (r *run) tokensBetween(ctx context.Context, low, high string) ([]string, error) {
	tokens, err := database.All(ctx, r.pool, searchTokensBetween, rangeTokens{low, high, maxMergedTokens + 1}, tokenRow.token)
	if len(tokens) > maxMergedTokens {
		return nil, err
	}
	return tokens, err
}
