package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/migrations"
)

// State is a migration, and whether the database has it.
type State struct {
	Version int64
	// File is the migration's name; empty for one of a newer Roster than this.
	File    string
	Applied bool
	// AppliedAt is when it was applied; zero where it is not.
	AppliedAt time.Time
}

// Status lists the migrations by version: those built in, and others that the
// database has. It changes nothing.
func (m *Migrator) Status(ctx context.Context) ([]State, error) {
	present, err := m.versions(ctx)
	if err != nil {
		return nil, err
	}
	return states(m.all, present), nil
}

func states(known []migrations.Migration, present []appliedRow) []State {
	all := make([]State, len(known))
	for i, migration := range known {
		all[i] = State{Version: migration.Version, File: migration.File}
	}
	for _, row := range present {
		i, found := slices.BinarySearchFunc(all, row.Version, func(s State, v int64) int { return int(s.Version - v) })
		if !found {
			all = slices.Insert(all, i, State{Version: row.Version})
		}
		all[i].Applied, all[i].AppliedAt = true, row.AppliedAt.UTC()
	}
	return all
}

// versions lists the applied migrations by version: none on a database without
// the table. The error is ErrUnreleased on a database from before the baseline.
func (m *Migrator) versions(ctx context.Context) ([]appliedRow, error) {
	rows, err := applied.All(ctx, m.db, sqlcheck.None{})
	var pg *pgconn.PgError
	const undefinedTable, invalidSchema = "42P01", "3F000"
	if errors.As(err, &pg) && (pg.Code == undefinedTable || pg.Code == invalidSchema) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading which migrations are applied: %w", err)
	}
	return rows, released(rows)
}

func (m *Migrator) complete(present []appliedRow) bool {
	for _, state := range states(m.all, present) {
		if !state.Applied {
			return false
		}
	}
	return true
}
