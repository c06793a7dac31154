package search

import "context"

// prefixed is how a phase reads the users of tier 3.
type prefixed struct {
	phase
	one, other int // the tokens with the fewest postings
	// none is whether one has no postings, few whether it has few, and both whether
	// the other has few, too. Few are sorted.
	none, few, both bool
	lists           []string // merged otherwise, if there are any
}

// prefixes reads tier 3: the users that have tokens with all prefixes.
func (r *run) prefixes(ctx context.Context) (bool, error) {
	if len(r.conditions.Tokens) == len(r.phrases) {
		return true, nil // phrases are no prefixes
	}
	if p := r.prefixed; p == nil || !p.none && !p.few && len(p.lists) == 0 && p.phase != r.phase {
		if err := r.choosePrefixes(ctx); err != nil {
			return false, err
		}
	}
	switch p := r.prefixed; {
	case p.none:
		return true, nil
	case p.few:
		return r.sortPrefixes(ctx)
	case len(p.lists) > 0:
		depth := max(mergeDepth, 2*r.position().Limit)
		if len(r.tokens) == 1 {
			depth = 2 * r.position().Limit
		}
		depth = max(1, min(depth, r.budget.listed/int32(len(p.lists)))) //nolint:gosec // 1 to 64 lists
		return find(ctx, r, searchMerged, findMerged{conditions: r.conditions, Lists: p.lists, Depth: depth, scan: r.scan()})
	default:
		newest := findNewest{r.conditions, r.in.Filter.Deleted.Shows(), r.scan()}
		newest.Users = r.phase.newest
		return find(ctx, r, searchNewest, newest)
	}
}

// choosePrefixes counts the postings of the prefixes. A user of tier 3 has a token
// that is longer than the only one of a term.
func (r *run) choosePrefixes(ctx context.Context) error {
	lows := r.lows
	if len(r.tokens) == 1 {
		lows = []string{justAfter(r.tokens[0])}
	}
	counts, most, err := r.count(ctx, countPostings{Lows: lows, Highs: r.highs, Most: r.phase.sorted})
	if err != nil {
		return err
	}
	rarest := ascending(counts)
	p := &prefixed{one: rarest[0], phase: r.phase}
	if p.none, p.few = counts[p.one] == 0, counts[p.one] < int64(most); p.none {
		r.setAbsent(p.one) // the users of the only token itself are in tier 2
	}
	if len(rarest) > 1 {
		p.other = rarest[1]
		p.both = counts[p.other] < int64(most)
	}
	for _, i := range rarest {
		if !p.few && len(p.lists) == 0 {
			if p.lists, err = r.tokensBetween(ctx, lows[i], r.highs[i], r.phase.merged); err != nil {
				return err
			}
		}
	}
	r.prefixed = p
	return nil
}

// sortPrefixes sorts the postings of one prefix or two. If they have become too many,
// the users are read in order.
func (r *run) sortPrefixes(ctx context.Context) (bool, error) {
	p, before := r.prefixed, r.cursor
	find3 := findPrefixes{
		conditions: r.conditions, Low: r.lows[p.one], High: r.highs[p.one], Two: p.both, Most: r.phase.sorted, scan: r.scan(),
	}
	if len(r.tokens) == 1 {
		find3.Low = justAfter(r.tokens[0])
	}
	if p.both {
		find3.OtherLow, find3.OtherHigh = r.lows[p.other], r.highs[p.other]
	}
	all, err := find(ctx, r, searchPrefixes, find3)
	if !all && r.cursor == before {
		r.prefixed = &prefixed{phase: r.phase}
	}
	return all, err
}
