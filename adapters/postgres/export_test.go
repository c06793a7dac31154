package postgres

import "context"

// Setting is what a connection of the pool has set.
func Setting(ctx context.Context, d *Database, name string) (value string, err error) {
	err = d.pool.QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&value)
	return value, err
}

// AlwaysTogether has even a single write done by the statement for many.
func AlwaysTogether(d *Database) { d.lanes.alwaysTogether = true }
