package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// secondPhase fills the page tier by tier, by the table in doc.go.
func (r *run) secondPhase(ctx context.Context) (err error) {
	switch {
	case r.in.After != nil && r.in.After.Match == domain.MatchSimilar:
		err = r.fuzzy(ctx)
	case len(r.lows) == 1 && r.in.Filter.Organization.IsZero():
		err = r.oneToken(ctx)
	case !r.in.Filter.Organization.IsZero():
		err = r.members(ctx)
	default:
		err = r.severalTokens(ctx)
	}
	if err == nil && len(r.hits) == 0 && r.in.After == nil && !r.noExpansion {
		err = r.fuzzy(ctx)
	}
	return err
}

// oneToken reads the token's own posting list, which is in page order, and then
// those of the tokens that begin with it.
func (r *run) oneToken(ctx context.Context) error {
	if err := r.named(ctx); err != nil {
		return err
	}
	if c, ok := r.remaining(domain.MatchWords); ok && r.unshared {
		if err := r.add(find(ctx, r, searchWords, r.onlyToken(c))); err != nil {
			return err
		}
	}
	c, ok := r.remaining(domain.MatchPrefix)
	if !ok || r.quoted(0) {
		return nil
	}
	counts, err := r.counts(ctx, sortLimit)
	if err != nil {
		return err
	}
	if counts[0] == sortLimit {
		if done, err := r.newest(ctx, c); done || err != nil {
			return err
		}
	}
	return r.add(find(ctx, r, searchPrefixes, r.onePrefix(0, c)))
}

func (r *run) onlyToken(c cursor) findWords {
	return findWords{conditions: r.conditions, Token: r.tokens[0], tierCursor: c.tierCursor}
}

func (r *run) onePrefix(i int, c cursor) findPrefixes {
	return findPrefixes{conditions: r.conditions, Low: r.lows[i], High: r.highs[i], tierCursor: c.tierCursor}
}

// newest looks among the newest users, and reports whether they fill the page.
func (r *run) newest(ctx context.Context, c cursor) (bool, error) {
	if r.in.Filter.Deleted.Shows() {
		return false, nil // no index has them in this order
	}
	hits, err := find(ctx, r, searchNewest, findNewest{r.conditions, newestLimit, c.tierCursor})
	if err != nil || len(hits) < int(c.Limit) {
		return false, err
	}
	return true, r.add(hits, nil)
}

// severalTokens takes the users of the rarest token where it is rare; else tier
// 2 before tier 3.
func (r *run) severalTokens(ctx context.Context) error {
	if r.unshared {
		if err := r.rare(ctx); err != nil {
			return err
		}
	}
	if len(r.hits) > 0 || r.noMatch {
		return nil
	}
	if err := r.named(ctx); err != nil {
		return err
	}
	if err := r.wholeTokens(ctx); err != nil {
		return err
	}
	return r.prefixes(ctx)
}

// wholeTokens takes the users of tier 2: those that have all tokens themselves.
func (r *run) wholeTokens(ctx context.Context) error {
	c, ok := r.remaining(domain.MatchWords)
	if !ok {
		return nil
	}
	one, other := 0, 1
	if len(r.tokens) > 2 {
		ends := make([]string, len(r.tokens))
		for i, token := range r.tokens {
			ends[i] = justAfter(token)
		}
		counts, err := r.count(ctx, countPostings{Lows: r.tokens, Highs: ends, Most: orderLimit})
		if err != nil {
			return err
		}
		rarest := ascending(counts)
		one, other = rarest[0], rarest[1]
	}
	return r.add(find(ctx, r, searchWords, findWords{
		r.conditions, r.tokens[one], sqlcheck.Opt[string]{V: r.tokens[other], Set: true}, c.tierCursor,
	}))
}

// prefixes takes the users of tier 3: those that have tokens with all prefixes.
func (r *run) prefixes(ctx context.Context) error {
	c, ok := r.remaining(domain.MatchPrefix)
	if !ok {
		return nil
	}
	counts, err := r.counts(ctx, sortLimit)
	if err != nil {
		return err
	}
	rarest := ascending(counts)
	one, other := rarest[0], rarest[1]
	switch {
	case counts[other] < sortLimit:
	case counts[one] < sortLimit:
		return r.add(find(ctx, r, searchPrefixes, r.onePrefix(one, c)))
	default:
		for _, i := range rarest {
			if done, err := r.merge(ctx, r.lows[i], r.highs[i], counts[i]); done || err != nil {
				return err
			}
		}
	}
	return r.add(find(ctx, r, searchPrefixes, findPrefixes{
		r.conditions, r.lows[one], r.highs[one], true, r.lows[other], r.highs[other], c.tierCursor,
	}))
}

// ascending are the places of counts, that of the least first.
func ascending(counts []int64) []int {
	places := make([]int, len(counts))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(counts[a], counts[b]) })
	return places
}

// merge merges the newest postings of the tokens of a range, and reports whether
// they fill the page or are all that there are.
func (r *run) merge(ctx context.Context, low, high string, count int64) (bool, error) {
	c, ok := r.remaining(domain.MatchPrefix)
	if !ok {
		return true, nil
	}
	tokens, err := r.tokensBetween(ctx, low, high)
	if err != nil || len(tokens) == 0 {
		return false, err
	}
	depth := max(mergeDepth, 2*c.Limit)
	hits, err := find(ctx, r, searchMerged, findMerged{conditions: r.conditions, mergedLists: mergedLists{tokens, depth, c.tierCursor}})
	if err != nil || len(hits) < int(c.Limit) && count >= int64(depth) {
		return false, err
	}
	return true, r.add(hits, nil)
}

// members reads all members of an organization or all users of the rarest token,
// whichever are fewer.
func (r *run) members(ctx context.Context) error {
	if err := r.named(ctx); err != nil {
		return err
	}
	organization := r.in.Filter.Organization
	for _, most := range []int32{rareLimit, sortLimit, noLimit} {
		counts, err := r.count(ctx, countPostings{r.lows, r.highs, most, sqlcheck.Opt[[16]byte]{V: organization, Set: true}})
		if err != nil {
			return err
		}
		members, counts := counts[0], counts[1:]
		p := findCandidates{conditions: r.conditions, Group: organization}
		p.cursor, _ = r.remaining(domain.MatchWords)
		switch rarest := ascending(counts)[0]; {
		case members < int64(most) && members <= counts[rarest]:
			p.Members = true
		case counts[rarest] < int64(most):
			p.Low, p.High = r.lows[rarest], r.highs[rarest]
		default:
			continue
		}
		return r.add(find(ctx, r, searchCandidates, p))
	}
	return nil
}
