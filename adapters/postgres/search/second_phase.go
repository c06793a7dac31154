package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// fill fills the page tier by tier, by the table in doc.go, until the phase has
// used up its budget.
func (r *run) fill(ctx context.Context) error {
	if !r.began {
		r.began = true
		if err := r.begin(ctx); err != nil {
			return err
		}
	}
	for !r.done() && !r.stopped {
		if err := r.tier(ctx); err != nil {
			return err
		}
	}
	return nil
}

// begin finds all users of tiers 1 to 3 where one short list has them; else it comes
// to tier 2.
func (r *run) begin(ctx context.Context) error {
	if r.cursor.Match == int32(domain.MatchSimilar) {
		return nil
	}
	ofOrganization := !r.in.Filter.Organization.IsZero()
	if len(r.tokens) > 1 && r.unshared && !ofOrganization {
		if all, err := r.rare(ctx); all || err != nil {
			return err
		}
	}
	if err := r.named(ctx); err != nil {
		return err
	}
	if r.cursor.Match < int32(domain.MatchWords) {
		r.moveTo(domain.MatchWords)
	}
	if ofOrganization && !r.done() {
		return r.members(ctx)
	}
	return nil
}

// tier runs a statement of the tier that the search has come to.
func (r *run) tier(ctx context.Context) error {
	tier, read := domain.Match(r.cursor.Match), r.similar //nolint:gosec // 2 to 4
	switch tier {
	case domain.MatchWords:
		read = r.words
	case domain.MatchPrefix:
		read = r.prefixes
	default:
	}
	all, err := read(ctx)
	switch {
	case err != nil || !all:
	case tier == domain.MatchWords:
		r.moveTo(domain.MatchPrefix)
	case tier == domain.MatchPrefix:
		r.endPrefixes()
	}
	return err
}

// endPrefixes ends tiers 1 to 3. Similar words are for those who find nobody else.
func (r *run) endPrefixes() {
	unlike := func(i int) bool { return r.editsOf(i) == 0 }
	if !r.empty || len(r.hits) > 0 || slices.ContainsFunc(r.absent, unlike) {
		r.moveTo(finished)
		return
	}
	r.moveTo(domain.MatchSimilar)
}

// setAbsent notes that no user of the filter has a required token or a longer one.
func (r *run) setAbsent(i int) { r.absent = append(slices.Clip(r.absent), i) }

// words reads tier 2: the token's own posting list, which is in page order, or those
// of the two rarest tokens. If those do not end soon, one may still be short.
func (r *run) words(ctx context.Context) (bool, error) {
	if len(r.tokens) == 1 {
		return find(ctx, r, searchWords, r.onlyToken())
	}
	p := r.onlyToken()
	p.Other = sqlcheck.Some(r.tokens[1])
	later := r.started()
	if len(r.tokens) > 2 || later {
		most := int32(orderLimit)
		if later {
			most = r.budget.second.sorted
		}
		ends := make([]string, len(r.tokens))
		for i, token := range r.tokens {
			ends[i] = justAfter(token)
		}
		counts, most, err := r.count(ctx, countPostings{Lows: r.tokens, Highs: ends, Most: most})
		if err != nil {
			return false, err
		}
		rarest := ascending(counts)
		p.Token, p.Other.V = r.tokens[rarest[0]], r.tokens[rarest[1]]
		if later && counts[rarest[0]] < int64(most) {
			p.Other = sqlcheck.Opt[string]{}
		}
	}
	return find(ctx, r, searchWords, p)
}

func (r *run) onlyToken() findWords {
	return findWords{conditions: r.conditions, Token: r.tokens[0], Depth: r.budget.listed, scan: r.scan()}
}

// started reports whether users of the tier have been read.
func (r *run) started() bool {
	start := *r
	start.moveTo(domain.Match(r.cursor.Match)) //nolint:gosec // 2 to 4
	return start.cursor != r.cursor
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

// count counts the postings of ranges up to a number, or fewer where there are many
// ranges. It returns that number, too.
func (r *run) count(ctx context.Context, p countPostings) ([]int64, int32, error) {
	p.Most = max(1, min(p.Most, r.budget.counted/int32(len(p.Lows)))) //nolint:gosec // a few thousand at most
	counts, err := database.All(ctx, r.pool, searchCounts, p, countRow.value)
	return counts, p.Most, err
}

// members reads all members of an organization or all users of the rarest token,
// whichever are fewer, unless both are many.
func (r *run) members(ctx context.Context) error {
	organization := r.in.Filter.Organization
	for _, most := range []int32{rareLimit, r.budget.second.sorted} {
		counts, most, err := r.count(ctx, countPostings{r.lows, r.highs, most, sqlcheck.Some[[16]byte](organization)})
		if err != nil {
			return err
		}
		members, counts := counts[0], counts[1:]
		p := findCandidates{conditions: r.conditions, Group: organization, Most: r.budget.second.sorted, cursor: r.position()}
		switch rarest := ascending(counts)[0]; {
		case counts[rarest] == 0:
			r.setAbsent(rarest)
			r.endPrefixes()
			return nil
		case members < int64(most) && members <= counts[rarest]:
			p.Members = true
		case counts[rarest] < int64(most):
			p.Low, p.High = r.lows[rarest], r.highs[rarest]
		default:
			continue
		}
		all, err := find(ctx, r, searchCandidates, p)
		if all && err == nil {
			r.endPrefixes()
		}
		return err
	}
	return nil
}
