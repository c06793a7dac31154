package postgres

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

type nearWords struct{ Words []string }

type nearRow struct {
	Place int64  `db:"place"`
	Word  string `db:"token"`
}

// Words that lack the same letters may be each other mistyped.
var searchNear = sqlcheck.New(sqlcheck.Def[nearWords, nearRow]{
	Name: "users.search_near",
	Build: func(p nearWords) sq.Sqlizer {
		return sq.Expr("SELECT DISTINCT t.place, k.token FROM unnest(?::text[]) WITH ORDINALITY t (token, place) CROSS JOIN LATERAL (?) k ORDER BY t.place, k.token",
			p.Words, sq.Select("s.token").From("roster.vocabulary s").
				Where("s.deletion_hashes && roster.deletion_hashes(t.token)").Suffix("OFFSET 0"))
	},
})

// searchSimilar takes users from the lists of the words that one may stand for.
// Alternatives are regular expressions, and Phrases patterns of LIKE, which all
// must match.
type searchSimilar struct {
	anyUserFilter
	Alternatives, Phrases, Not []string
	merged
}

var searchedSimilar = sqlcheck.New(sqlcheck.Def[searchSimilar, foundRow]{
	Name:  "users.search_similar",
	Enums: searchEnums,
	Build: func(p searchSimilar) sq.Sqlizer {
		users := lookedUp(p.apply(selectAnyUsers()).
			Where("u.search ~ ALL(?)", p.Alternatives).
			Where("u.search LIKE ALL(?)", p.Phrases).Where("NOT u.search LIKE ANY(?)", p.Not))
		with, from := p.candidates()
		return sq.Expr("WITH ? SELECT "+foundColumns+", 4 AS match FROM ? c CROSS JOIN LATERAL (?) f ORDER BY "+latestFirst+" LIMIT ?", with, from, users, p.Limit)
	},
})

// mostNear bounds how many words one mistyped word may stand for.
const mostNear = 64

// alternatives are the words that will do for a required one.
type alternatives struct {
	word  string
	begun bool // words that begin with it do, too
	most  int  // how many edits
	near  map[int][]string
}

// allowed is how many edits a word may have.
func allowed(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case strings.ContainsAny(word, "0123456789@") || n < 4:
		return 0
	case n < 8:
		return 1
	default:
		return 2
	}
}

// edits is how many edits the word at a place may have: none, where it is quoted.
func (q *search) edits(i int) int {
	if q.quoted(i) {
		return 0
	}
	return allowed(q.words[i])
}

// similar looks for users whose words differ from those asked for in as few
// letters as anybody's.
func (q *search) similar(ctx context.Context) error {
	words, most, err := q.near(ctx)
	if err != nil {
		return err
	}
	for edits := 1; edits <= most && len(q.found) == 0; edits++ {
		if err := q.within(ctx, words, edits); err != nil {
			return err
		}
	}
	return nil
}

// near finds the words that the required ones may stand for. A word that
// somebody has stands for itself and for others.
func (q *search) near(ctx context.Context) ([]alternatives, int, error) {
	words, most := make([]alternatives, len(q.words)), 0
	var mistyped []string
	var places []int
	for i, word := range q.words {
		words[i] = alternatives{word, !q.quoted(i), q.edits(i), map[int][]string{}}
		if most = max(most, words[i].most); words[i].most > 0 {
			mistyped, places = append(mistyped, word), append(places, i)
		}
	}
	if most == 0 {
		return words, 0, nil
	}
	rows, err := list(ctx, q.d, searchNear, nearWords{mistyped}, func(r nearRow) (nearRow, error) { return r, nil })
	if err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		a := words[places[r.Place-1]]
		if edits := domain.Edits(a.word, r.Word); edits > 0 && edits <= a.most && len(a.near[edits]) < mostNear {
			a.near[edits] = append(a.near[edits], r.Word)
		}
	}
	return words, most, nil
}

// within looks for users whose words have no more than so many edits each.
func (q *search) within(ctx context.Context, words []alternatives, edits int) error {
	p := searchSimilar{
		anyUserFilter: q.m.anyUserFilter, Phrases: q.phrases, Not: q.m.Not,
		merged: merged{reach: reach{latest, lastID, limit(q.in.Limit) + 1}},
	}
	if q.in.After != nil {
		p.reach = q.place.reach
	}
	sets := make([][]string, len(words))
	for i, a := range words {
		for n := 1; n <= edits; n++ {
			sets[i] = append(sets[i], a.near[n]...)
		}
		first := a.word
		if a.begun {
			first += "[^ ]*"
		}
		p.Alternatives = append(p.Alternatives, " ("+strings.Join(append([]string{first}, sets[i]...), "|")+") ")
	}
	size, err := q.chooseWords(ctx, sets, &p)
	if err != nil || size == 0 {
		return err
	}
	for _, entries := range []int{mergedEntries, 8 * mergedEntries, allEntries} {
		most := depth(entries, len(p.Words), p.Limit)
		p.Most = most
		found, err := list(ctx, q.d, searchedSimilar, p, foundRow.found)
		if err != nil {
			return err
		}
		if len(found) == int(p.Limit) || size < int64(most) {
			if len(found) > 0 {
				q.instead = slices.Concat(sets...)
			}
			return q.take(found, nil)
		}
	}
	return nil
}

// chooseWords has the words of a search be those that one of the words may
// stand for, of which the fewest are had, and returns how often they are.
func (q *search) chooseWords(ctx context.Context, sets [][]string, p *searchSimilar) (int64, error) {
	var lows, highs []string
	var owners []int
	for i, set := range sets {
		lows, highs, owners = append(lows, q.lows[i]), append(highs, q.highs[i]), append(owners, i)
		for _, word := range set {
			lows, highs, owners = append(lows, word), append(highs, justAfter(word)), append(owners, i)
		}
	}
	var totals []int64
	for _, most := range []int32{fewEntries, someEntries} {
		sizes, err := list(ctx, q.d, searchSizes, sizeWords{lows, highs, most}, sizeRow.size)
		if err != nil {
			return 0, err
		}
		totals = make([]int64, len(sets))
		for i, size := range sizes {
			totals[owners[i]] += size
		}
		if totals[order(totals)[0]] < int64(most) {
			break
		}
	}
	for {
		rarest := order(totals)[0]
		if totals[rarest] == 0 || totals[rarest] == allEntries {
			return 0, nil
		}
		itself, err := q.between(ctx, q.lows[rarest], q.highs[rarest])
		if err != nil {
			return 0, err
		}
		if p.Words = append(itself, sets[rarest]...); len(p.Words) > 0 {
			return totals[rarest], nil
		}
		totals[rarest] = allEntries // too many words begin so
	}
}
