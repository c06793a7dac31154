package search

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/domain"
)

// expansion is a required token with the tokens that it may stand for.
type expansion struct {
	token    string
	prefix   bool // tokens that begin with it are expansions, too
	maxEdits int
	byEdits  map[int][]string
}

// maxEdits is how many edits a token may have.
func maxEdits(token string) int {
	switch n := utf8.RuneCountInString(token); {
	case strings.ContainsAny(token, "0123456789@") || n < 4:
		return 0
	case n < 8:
		return 1
	default:
		return 2
	}
}

// edits is how many edits a required token may have: none if it is quoted.
func (r *run) edits(i int) int {
	if r.quoted(i) {
		return 0
	}
	return maxEdits(r.tokens[i])
}

// fuzzy finds tier 4: the users whose tokens are within as few edits as any
// user's are.
func (r *run) fuzzy(ctx context.Context) error {
	expansions, most, err := r.expand(ctx)
	if err != nil {
		return err
	}
	for edits := 1; edits <= most && len(r.hits) == 0; edits++ {
		if err := r.within(ctx, expansions, edits); err != nil {
			return err
		}
	}
	return nil
}

// expand finds the expansions of the required tokens, and how many edits any of
// them may have. A token that has postings is an expansion of others, too.
func (r *run) expand(ctx context.Context) ([]expansion, int, error) {
	expansions, most := make([]expansion, len(r.tokens)), 0
	var mistyped []string
	var places []int
	for i, token := range r.tokens {
		expansions[i] = expansion{token, !r.quoted(i), r.edits(i), map[int][]string{}}
		if most = max(most, expansions[i].maxEdits); expansions[i].maxEdits > 0 {
			mistyped, places = append(mistyped, token), append(places, i)
		}
	}
	if most == 0 {
		return expansions, 0, nil
	}
	near, err := database.All(ctx, r.pool, searchVocabulary, nearTokens{mistyped}, database.AsIs[nearRow])
	if err != nil {
		return nil, 0, err
	}
	for _, row := range near {
		e := expansions[places[row.Place-1]]
		if edits := domain.Edits(e.token, row.Token); edits > 0 && edits <= e.maxEdits && len(e.byEdits[edits]) < maxExpansions {
			e.byEdits[edits] = append(e.byEdits[edits], row.Token)
		}
	}
	return expansions, most, nil
}

// within finds users whose tokens have at most a number of edits each.
func (r *run) within(ctx context.Context, expansions []expansion, edits int) error {
	p := findMerged{
		conditions: r.conditions, Fuzzy: true, Phrases: r.phrases,
		mergedLists: mergedLists{tierCursor: tierCursor{database.Latest, database.LastID, database.Limit(r.in.Limit) + 1}},
	}
	if r.in.After != nil {
		p.tierCursor = r.cursor.tierCursor
	}
	tokens := make([][]string, len(expansions))
	for i, e := range expansions {
		for n := 1; n <= edits; n++ {
			tokens[i] = append(tokens[i], e.byEdits[n]...)
		}
		p.Alternatives = append(p.Alternatives, e.pattern(tokens[i]))
	}
	count, err := r.chooseLists(ctx, tokens, &p)
	if err != nil || count == 0 {
		return err
	}
	for _, budget := range []int{fuzzyBudget, 8 * fuzzyBudget, noLimit} {
		depth := max(int32(budget/len(p.Lists)), 2*p.Limit) //nolint:gosec // at most noLimit
		p.Depth = depth
		hits, err := find(ctx, r, searchMerged, p)
		if err != nil {
			return err
		}
		if len(hits) == int(p.Limit) || count < int64(depth) {
			if len(hits) > 0 {
				r.expanded = slices.Concat(tokens...)
			}
			return r.add(hits, nil)
		}
	}
	return nil
}

// pattern is a regular expression for a user's token that is the required one or
// one of its expansions.
func (e expansion) pattern(tokens []string) string {
	first := e.token
	if e.prefix {
		first += "[^ ]*"
	}
	return " (" + strings.Join(append([]string{first}, tokens...), "|") + ") "
}

// chooseLists gives p the posting lists of the required token whose expansions
// have the fewest postings, and returns their number.
func (r *run) chooseLists(ctx context.Context, tokens [][]string, p *findMerged) (int64, error) {
	totals, err := r.totals(ctx, tokens)
	if err != nil {
		return 0, err
	}
	for {
		rarest := ascending(totals)[0]
		if totals[rarest] == 0 || totals[rarest] == noLimit {
			return 0, nil
		}
		itself, err := r.tokensBetween(ctx, r.lows[rarest], r.highs[rarest])
		if err != nil {
			return 0, err
		}
		if p.Lists = append(itself, tokens[rarest]...); len(p.Lists) > 0 {
			return totals[rarest], nil
		}
		totals[rarest] = noLimit // too many tokens have this prefix
	}
}

// totals counts, for each required token, its postings and those of its
// expansions. It counts further where none is rare.
func (r *run) totals(ctx context.Context, tokens [][]string) (totals []int64, err error) {
	var lows, highs []string
	var owners []int
	for i, expansions := range tokens {
		lows, highs, owners = append(lows, r.lows[i]), append(highs, r.highs[i]), append(owners, i)
		for _, token := range expansions {
			lows, highs, owners = append(lows, token), append(highs, justAfter(token)), append(owners, i)
		}
	}
	for _, most := range []int32{rareLimit, sortLimit} {
		counts, err := r.count(ctx, countPostings{Lows: lows, Highs: highs, Most: most})
		if err != nil {
			return nil, err
		}
		totals = make([]int64, len(tokens))
		for i, n := range counts {
			totals[owners[i]] += n
		}
		if totals[ascending(totals)[0]] < int64(most) {
			break
		}
	}
	return totals, nil
}
