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

// editsOf is how many edits a required token may have: none if it is quoted.
func (r *run) editsOf(i int) int {
	if r.quoted(i) {
		return 0
	}
	return maxEdits(r.tokens[i])
}

// fuzziness is how far a search for similar words has come.
type fuzziness struct {
	edits      int // 0 before it begins
	maxEdits   int
	expansions []expansion
	similars   [][]string // the expansions of each token within edits
	lists      []string   // the posting lists to be merged; empty where none can match
}

// similar finds tier 4: the users whose tokens are within as few edits as any
// user's are.
func (r *run) similar(ctx context.Context) (all bool, err error) {
	r.edits = max(r.edits, 1)
	if r.expansions == nil {
		if err := r.expand(ctx); err != nil {
			return false, err
		}
	}
	for r.similars == nil && r.edits <= r.maxEdits && r.addsNobody(r.edits) {
		r.edits++
	}
	if r.edits > r.maxEdits {
		r.moveTo(finished)
		return true, nil
	}
	if r.similars == nil {
		if err := r.chooseLists(ctx); err != nil {
			return false, err
		}
	}
	if all = len(r.lists) == 0; !all {
		all, err = find(ctx, r, searchMerged, r.mergedExpansions())
	}
	if err == nil && all {
		r.nextEdits()
	}
	return all, err
}

// addsNobody reports whether so many edits find no user that fewer don't find: none
// of the tokens has another expansion, or no user has one of an absent token. A page
// that continues tier 4 shows what is left of the users of the page before.
func (r *run) addsNobody(edits int) bool {
	if r.continuesSimilar() {
		return false
	}
	absent := func(i int) bool {
		for n := 1; n <= edits; n++ {
			if len(r.expansions[i].byEdits[n]) > 0 {
				return false
			}
		}
		return true
	}
	more := func(e expansion) bool { return len(e.byEdits[edits]) > 0 }
	return slices.ContainsFunc(r.absent, absent) || !slices.ContainsFunc(r.expansions, more)
}

// continuesSimilar reports whether the page begins in tier 4.
func (r *run) continuesSimilar() bool {
	return r.in.After != nil && r.in.After.Match == domain.MatchSimilar
}

// nextEdits allows one edit more, unless a user was found.
func (r *run) nextEdits() {
	unknown := r.continuesSimilar() && r.in.After.Edits == 0
	if len(r.hits) > 0 || !r.empty && !unknown {
		r.moveTo(finished)
		return
	}
	r.edits, r.similars = r.edits+1, nil
	r.moveTo(domain.MatchSimilar)
	if unknown {
		r.cursor.At, r.cursor.ID = r.in.After.At, r.in.After.ID
	}
}

// corrections are the tokens of similar users that stand for mistyped ones.
func (r *run) corrections() []string {
	if len(r.hits) == 0 {
		return nil
	}
	return slices.Concat(r.similars...)
}

// expand finds the expansions of the required tokens, and how many edits any of
// them may have. A token that has postings is an expansion of others, too.
func (r *run) expand(ctx context.Context) error {
	expansions, most := make([]expansion, len(r.tokens)), 0
	var mistyped []string
	var places []int
	for i, token := range r.tokens {
		expansions[i] = expansion{token, !r.quoted(i), r.editsOf(i), map[int][]string{}}
		if most = max(most, expansions[i].maxEdits); expansions[i].maxEdits > 0 {
			mistyped, places = append(mistyped, token), append(places, i)
		}
	}
	r.expansions, r.maxEdits = expansions, most
	if most == 0 {
		return nil
	}
	p := nearTokens{mistyped, max(1, r.budget.near/int32(len(mistyped)))} //nolint:gosec // at most 32
	near, err := database.All(ctx, r.pool, searchVocabulary, p, database.AsIs[nearRow])
	if err != nil {
		return err
	}
	for _, row := range near {
		e := expansions[places[row.Place-1]]
		if edits := domain.Edits(e.token, row.Token); edits > 0 && edits <= e.maxEdits && len(e.byEdits[edits]) < maxExpansions {
			e.byEdits[edits] = append(e.byEdits[edits], row.Token)
		}
	}
	return nil
}

// mergedExpansions reads the chosen lists.
func (r *run) mergedExpansions() findMerged {
	budget := max(r.phase.fuzzy, 2*r.position().Limit)
	p := findMerged{
		conditions: r.conditions, Fuzzy: true, Phrases: r.phrases, Lists: r.lists,
		Depth: max(1, budget/int32(len(r.lists))), scan: r.scan(), //nolint:gosec // a few hundred lists
	}
	for i, e := range r.expansions {
		p.Alternatives = append(p.Alternatives, e.pattern(r.similars[i]))
	}
	return p
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

// chooseLists chooses the posting lists of the required token whose expansions have
// the fewest postings.
func (r *run) chooseLists(ctx context.Context) error {
	r.lists, r.similars = nil, make([][]string, len(r.expansions))
	for i, e := range r.expansions {
		for n := 1; n <= r.edits; n++ {
			r.similars[i] = append(r.similars[i], e.byEdits[n]...)
		}
	}
	totals, err := r.totals(ctx, r.similars)
	if err != nil {
		return err
	}
	for _, rarest := range ascending(totals) {
		if totals[rarest] == 0 {
			return nil
		}
		var itself []string
		if !slices.Contains(r.absent, rarest) {
			itself, err = r.tokensBetween(ctx, r.lows[rarest], r.highs[rarest], r.budget.second.merged)
			if err != nil {
				return err
			}
		}
		if r.lists = append(itself, r.similars[rarest]...); len(r.lists) > 0 {
			return nil
		} // otherwise too many tokens have this prefix
	}
	return nil
}

// totals counts, for each required token, its postings and those of its
// expansions. It counts further where none is rare.
func (r *run) totals(ctx context.Context, tokens [][]string) (totals []int64, err error) {
	if len(tokens) == 1 {
		return []int64{1}, nil // there is nothing to choose
	}
	var lows, highs []string
	var owners []int
	for i, expansions := range tokens {
		lows, highs, owners = append(lows, r.lows[i]), append(highs, r.highs[i]), append(owners, i)
		for _, token := range expansions {
			lows, highs, owners = append(lows, token), append(highs, justAfter(token)), append(owners, i)
		}
	}
	for _, most := range []int32{rareLimit, r.budget.second.sorted} {
		counts, most, err := r.count(ctx, countPostings{Lows: lows, Highs: highs, Most: most})
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
