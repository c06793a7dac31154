package postgres

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
	"github.com/roster-directory/roster/ports"
)

// Setting is what a connection of the pool has set.
func Setting(ctx context.Context, d *Database, name string) (value string, err error) {
	err = d.pool.QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&value)
	return value, err
}

// AlwaysTogether has even a single write done by the statement for many.
func AlwaysTogether(d *Database) { d.lanes.alwaysTogether = true }

// BeginSearches returns what the beginnings of searches that share a statement
// find, and whether that is enough.
func BeginSearches(ctx context.Context, d *Database, in []ports.SearchUsers) ([]ports.FoundUsers, []bool, error) {
	results := make([]coalesce.Result[*search], len(in))
	if err := d.beginSearches(ctx, in, results); err != nil {
		return nil, nil, err
	}
	found, ended := make([]ports.FoundUsers, len(in)), make([]bool, len(in))
	for i, r := range results {
		if r.Err != nil {
			return nil, nil, r.Err
		}
		found[i], ended[i] = r.Value.answer(), r.Value.ended
	}
	return found, ended, nil
}
