package search

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/ports"
)

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
		found[i], full[i] = r.Value.page(), r.Value.full
	}
	return found, full, nil
}
