package postgres

import (
	"cmp"
	"context"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// merged are the latest who have one of some words, Most of each word's list,
// which is in order. Of lists that go on, those count who are later than all
// that is left of them: the candidates are all there are down to some time.
type merged struct {
	Words []string
	Most  int32
	reach
}

func (p merged) candidates() (with, from sq.Sqlizer) {
	latest := inOrder(p.entries("w.token = t.token")).Suffix("LIMIT ?", p.Most)
	return sq.Expr("e AS MATERIALIZED (SELECT t.token, l.created_at, l.user_id FROM unnest(?::text[]) t (token) CROSS JOIN LATERAL (?) l)", p.Words, latest),
		sq.Expr("(SELECT DISTINCT e.created_at, e.user_id FROM e WHERE e.created_at > coalesce(("+
			"SELECT max(c.oldest) FROM (SELECT min(e.created_at) AS oldest FROM e GROUP BY e.token HAVING count(*) = ?) c), '-infinity')"+
			" ORDER BY e.created_at DESC, e.user_id DESC)", p.Most)
}

// searchMerged takes users from the lists of words that begin as asked.
type searchMerged struct {
	matching
	merged
}

var searchedMerged = sqlcheck.New(sqlcheck.Def[searchMerged, foundRow]{
	Name:  "users.search_merged",
	Enums: searchEnums,
	Build: func(p searchMerged) sq.Sqlizer {
		with, from := p.candidates()
		return sq.Expr("WITH ? SELECT "+foundColumns+", 3 AS match FROM ? c CROSS JOIN LATERAL (?) f ORDER BY "+latestFirst+" LIMIT ?",
			with, from, lookedUp(p.described().Where("NOT u.search LIKE ALL(?)", p.Whole)), p.Limit)
	},
})

// searchBoth takes users from the lists of two words, which have one order, so
// that they are read side by side, and no further than the page needs.
type searchBoth struct {
	matching
	Word, Other string
	reach
}

var searchedBoth = sqlcheck.New(sqlcheck.Def[searchBoth, foundRow]{
	Name:  "users.search_both",
	Enums: searchEnums,
	Build: func(p searchBoth) sq.Sqlizer {
		// OFFSET keeps each list in one piece: to look each entry up in the other
		// takes longer.
		list := func(word string) sq.SelectBuilder {
			return inOrder(p.entries("w.token = ?", word)).Suffix("OFFSET 0")
		}
		c := sq.Expr("SELECT a.created_at, a.user_id FROM (?) a JOIN (?) b ON b.created_at = a.created_at AND b.user_id = a.user_id"+
			" ORDER BY a.created_at DESC, a.user_id DESC", list(p.Word), list(p.Other))
		return p.found("2", c, p.Limit)
	},
})

// searchMeet looks at all users who have words in both of two ranges, but not
// all of the words themselves.
type searchMeet struct {
	matching
	Low, High           string
	OtherLow, OtherHigh string
	reach
}

var searchedMeet = sqlcheck.New(sqlcheck.Def[searchMeet, foundRow]{
	Name:  "users.search_meet",
	Enums: searchEnums,
	Build: func(p searchMeet) sq.Sqlizer {
		between := func(low, high string) sq.SelectBuilder {
			return p.entries("w.token >= ? AND w.token < ?", low, high)
		}
		// A join could take a loop in a loop for short lists, where this can't.
		c := sq.Expr("SELECT b.created_at, b.user_id FROM (? INTERSECT ?) b ORDER BY b.created_at DESC, b.user_id DESC",
			between(p.Low, p.High), between(p.OtherLow, p.OtherHigh))
		return p.found("3", c, p.Limit)
	},
})

// wordsBetween asks for the distinct words of a range, by leaping from one to
// the next.
type wordsBetween struct {
	Low, High string
	Most      int32
}

type wordRow struct {
	Word *string `db:"token"`
}

var searchWordsBetween = sqlcheck.New(sqlcheck.Def[wordsBetween, wordRow]{
	Name: "users.search_words_between",
	Build: func(p wordsBetween) sq.Sqlizer {
		next := func(where string, args ...any) sq.SelectBuilder {
			return sq.Select("w.token").From("roster.postings w").Where(where, args...).
				Where("w.token < ?", p.High).OrderBy("w.token").Suffix("LIMIT 1")
		}
		return sq.Expr("WITH RECURSIVE d (token) AS ((?) UNION ALL SELECT (?) FROM d WHERE d.token IS NOT NULL) SELECT d.token FROM d WHERE d.token IS NOT NULL LIMIT ?",
			next("w.token >= ?", p.Low), next("w.token > d.token"), p.Most)
	},
})

// between returns the words of a range, or none where they are too many.
func (q *search) between(ctx context.Context, low, high string) ([]string, error) {
	words, err := list(ctx, q.d, searchWordsBetween, wordsBetween{low, high, mostMerged + 1}, func(r wordRow) (string, error) { return *r.Word, nil })
	if len(words) > mostMerged {
		return nil, err
	}
	return words, err
}

// depth is how much of each of some lists is merged, where as many entries in
// all are worth a look.
func depth(entries, lists int, limit int32) int32 {
	return max(int32(entries/lists), 2*limit) //nolint:gosec // a few thousand
}

// whole takes users who have the words themselves.
func (q *search) whole(ctx context.Context) error {
	at, ok := q.rest(domain.MatchWords)
	if !ok {
		return nil
	}
	one, other := 0, 1
	if len(q.words) > 2 {
		ends := make([]string, len(q.words))
		for i, word := range q.words {
			ends[i] = justAfter(word)
		}
		sizes, err := list(ctx, q.d, searchSizes, sizeWords{q.words, ends, rareEntries}, sizeRow.size)
		if err != nil {
			return err
		}
		rarest := order(sizes)
		one, other = rarest[0], rarest[1]
	}
	return q.take(list(ctx, q.d, searchedBoth, searchBoth{q.m, q.words[one], q.words[other], at.reach}, foundRow.found))
}

// begins takes users who have words that begin as asked.
func (q *search) begins(ctx context.Context) error {
	at, ok := q.rest(domain.MatchPrefix)
	if !ok {
		return nil
	}
	sizes, err := q.sizes(ctx, someEntries)
	if err != nil {
		return err
	}
	rarest := order(sizes)
	one, other := rarest[0], rarest[1]
	switch {
	case sizes[other] < someEntries:
	case sizes[one] < someEntries:
		return q.take(list(ctx, q.d, searchedBegun, searchBegun{q.m, q.lows[one], q.highs[one], at.reach}, foundRow.found))
	default:
		for _, i := range rarest {
			if done, err := q.merge(ctx, q.lows[i], q.highs[i], sizes[i]); done || err != nil {
				return err
			}
		}
	}
	return q.take(list(ctx, q.d, searchedMeet, searchMeet{q.m, q.lows[one], q.highs[one], q.lows[other], q.highs[other], at.reach}, foundRow.found))
}

// order are the places of sizes, that of the least first.
func order(sizes []int64) []int {
	places := make([]int, len(sizes))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	return places
}

// merge takes users from the lists of the words of a range, and reports whether
// those are all that the page has room for.
func (q *search) merge(ctx context.Context, low, high string, size int64) (bool, error) {
	at, ok := q.rest(domain.MatchPrefix)
	if !ok {
		return true, nil
	}
	words, err := q.between(ctx, low, high)
	if err != nil || len(words) == 0 {
		return false, err
	}
	most := max(latestEntries, 2*at.Limit)
	found, err := list(ctx, q.d, searchedMerged, searchMerged{q.m, merged{words, most, at.reach}}, foundRow.found)
	if err != nil || len(found) < int(at.Limit) && size >= int64(most) {
		return false, err
	}
	return true, q.take(found, nil)
}
