package search

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/ports"
)

// Shrink makes the budget of searches smaller, so that little data is much. It
// returns the most rows that a statement of one search may read then.
func Shrink(e *Engine, divisor int32) (most int64) {
	b := &e.budget
	for _, each := range []*int32{
		&b.counted, &b.listed, &b.users, &b.near, &b.second.sorted, &b.second.newest, &b.second.fuzzy,
		&b.third.sorted, &b.third.newest, &b.third.fuzzy,
	} {
		*each = max(1, *each/divisor)
	}
	// One statement counts all words up to rareLimit, and another reads the newest
	// users of one word for a page.
	const firstPhase = 8 * rareLimit
	return firstPhase + int64(max(b.counted, 2*b.listed+2*b.users, 2*b.third.sorted+2*b.users, 2*b.third.newest, 2*b.near))
}

// FirstPhases returns what the first phases of searches that share a statement
// find, and which of them fill their page.
func FirstPhases(ctx context.Context, e *Engine, in []ports.SearchUsers) ([]ports.FoundUsers, []bool, error) {
	results := make([]batch.Result[*run], len(in))
	if err := e.firstPhases(ctx, in, results); err != nil {
		return nil, nil, err
	}
	found, full := make([]ports.FoundUsers, len(in)), make([]bool, len(in))
	for i, r := range results {
		if r.Err != nil {
			return nil, nil, r.Err
		}
		found[i], full[i] = r.Value.page(), r.Value.done()
	}
	return found, full, nil
}
