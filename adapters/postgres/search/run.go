package search

import (
	"context"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// run is one search: its conditions, how far it has read, and the hits so far.
type run struct {
	pool       *database.Pool
	budget     *budget
	in         ports.SearchUsers
	conditions conditions
	// tokens are required. A token from lows[i] to before highs[i] matches tokens[i].
	tokens, lows, highs []string
	phrases             []string // LIKE patterns of the quoted parts

	first    firstPhase
	unshared bool  // it has no first phase: it has a filter or a cursor
	began    bool  // the second phase has started
	noMatch  bool  // the rarest token is rare, and none of its users matches
	absent   []int // required tokens that begin no token of a user who passes the filter

	cursor   cursor // how far it has read; after tier 4 if that is everything
	phase    phase  // what statements may read
	stopped  bool   // a statement of the phase has used up its budget
	empty    bool   // no page before this one has a hit
	prefixed *prefixed
	fuzziness
	hits []ports.FoundUser
	memo *ports.Memo
}

// finished is the tier after the last.
const finished = domain.MatchSimilar + 1

func newRun(pool *database.Pool, b *budget, in ports.SearchUsers) *run {
	unshared := in.After != nil || in.Filter != (ports.UserFilter{})
	if in.Filter.Status == "" {
		in.Filter.Status = domain.Active
	}
	r := &run{pool: pool, budget: b, in: in, unshared: unshared, phrases: []string{}, empty: true}
	r.conditions = conditions{Tokens: []string{}, filter: filter{
		AnyUserFilter: rows.AnyFilterOf(in.Filter), Prefixes: []string{}, Excluded: []string{},
		Name: strings.ToLower(strings.TrimSpace(in.Term.String())),
	}}
	for _, part := range in.Term.Required() {
		r.require(part)
	}
	for _, part := range in.Term.Excluded() {
		r.conditions.Excluded = append(r.conditions.Excluded, "% "+strings.Join(part.Words, " ")+" %")
	}
	r.moveTo(0)
	if after := in.After; after != nil {
		r.cursor = cursor{int32(after.Match), tierCursor{At: after.At, ID: after.ID}}
		r.empty, r.edits = after.Empty, int(after.Edits)
	}
	return r
}

// require adds the patterns and ranges of a part of the term.
func (r *run) require(part domain.SearchPart) {
	c := &r.conditions
	if part.Quoted {
		phrase := "% " + strings.Join(part.Words, " ") + " %"
		c.Tokens, c.Prefixes, r.phrases = append(c.Tokens, phrase), append(c.Prefixes, phrase), append(r.phrases, phrase)
	}
	for _, token := range part.Words {
		high := token + "\U0010ffff"
		if part.Quoted {
			high = justAfter(token)
		} else {
			c.Tokens, c.Prefixes = append(c.Tokens, "% "+token+" %"), append(c.Prefixes, "% "+token+"%")
		}
		r.tokens, r.lows, r.highs = append(r.tokens, token), append(r.lows, token), append(r.highs, high)
	}
}

// justAfter ends the range that holds a single token: no character of a token is
// less than a space.
func justAfter(token string) string { return token + " " }

// quoted reports whether a token is in a phrase, and so is no prefix.
func (r *run) quoted(i int) bool { return r.highs[i] == justAfter(r.tokens[i]) }

// moveTo moves the cursor to the beginning of a tier.
func (r *run) moveTo(tier domain.Match) {
	r.cursor = cursor{int32(tier), tierCursor{At: database.Latest, ID: database.LastID}}
	if !r.in.Filter.CreatedTo.IsZero() {
		r.cursor.At, r.cursor.ID = r.in.Filter.CreatedTo.Truncate(time.Microsecond), [16]byte{}
	}
}

// position is the cursor, for as many hits as the page lacks: one more than it shows.
func (r *run) position() cursor {
	c := r.cursor
	c.Limit = max(0, database.Limit(r.in.Limit)+1-int32(len(r.hits))) //nolint:gosec // at most 1,001
	return c
}

// scan is for the next statement of the tier. To compare a user with many patterns
// takes as long as to look up several.
func (r *run) scan() scan {
	patterns := len(r.conditions.Tokens) + len(r.conditions.Prefixes) + len(r.conditions.Excluded)
	users := r.budget.users * patternBudget / max(patternBudget, int32(patterns)) //nolint:gosec // at most 600
	return scan{r.position().tierCursor, max(1, users)}
}

func (r *run) full() bool { return r.position().Limit == 0 }

// done reports whether the page can be returned.
func (r *run) done() bool { return r.full() || r.cursor.Match == int32(finished) }

// take adds hits. Where the last candidate is among them, the statement has used
// up its budget, and the tier goes on after it.
func (r *run) take(found []hitRow) error {
	for _, row := range found {
		if row.Match < 0 {
			r.stopped = true
			return nil
		}
		if row.Match > 0 {
			hit, err := row.hit()
			if err != nil {
				return err
			}
			r.hits = append(r.hits, hit)
		}
		if row.Last {
			r.cursor.At, r.cursor.ID = row.CreatedAt, row.ID
			r.stopped = true
			return nil
		}
	}
	return nil
}

// page is what was found. If there is more to be read, the next page goes on there.
func (r *run) page() ports.FoundUsers {
	found := ports.FoundUsers{Page: database.Cut(r.hits, r.in.Limit), Corrections: r.corrections()}
	found.Memo = r.memo
	at := domain.SearchPosition{
		Match: domain.Match(r.cursor.Match), At: r.cursor.At, ID: r.cursor.ID, //nolint:gosec // 0 to 5
		Edits: uint8(r.edits), Empty: r.empty && len(r.hits) == 0, //nolint:gosec // 0 to 2
	}
	switch {
	case found.More && r.edits > 0:
		at = found.Items[len(found.Items)-1].Position()
		at.Edits = uint8(r.edits) //nolint:gosec // 1 or 2
		found.NextAfter = &at
	case !found.More && !r.done():
		found.More, found.NextAfter = true, &at
	}
	return found
}

// find runs a statement of the tier, and reports whether it read all that follows.
// If the page is full, that makes no difference.
func find[P any](ctx context.Context, r *run, q *sqlcheck.Query[P, hitRow], params P) (all bool, err error) {
	found, err := database.All(ctx, r.pool, q, params, database.AsIs[hitRow])
	if err != nil {
		return false, err
	}
	err = r.take(found)
	return !r.stopped, err
}
