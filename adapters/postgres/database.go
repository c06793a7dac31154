package postgres

import (
	"context"
	"fmt"
	"log/slog"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/migrations"
)

// Database is a pool of connections to Roster's database. It is safe for
// concurrent use.
type Database struct {
	pool   *pgxpool.Pool
	db     sqlcheck.Session
	schema migrations.Migration // the newest that this build knows
	lanes  lanes
}

// Open makes the pool. The database need not answer yet: connections are made
// when they are needed, and again when they break. The error is that of a wrong
// config.
func Open(ctx context.Context, config Config, logger *slog.Logger) (*Database, error) {
	newest, err := migrations.Newest()
	if err != nil {
		return nil, err
	}
	settings, err := config.pool(logger)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, fmt.Errorf("making the pool of connections: %w", err)
	}
	d := &Database{pool: pool, db: sqlcheck.Pool(pool), schema: newest}
	if config.Coalesce {
		d.lanes = d.openLanes(config)
	}
	return d, nil
}

// Close waits for the statements under way and ends all connections.
func (d *Database) Close() {
	d.lanes.close()
	d.pool.Close()
}

type versionRow struct {
	Version int64 `db:"version"`
}

var schemaVersion = sqlcheck.New(sqlcheck.Def[sqlcheck.None, versionRow]{
	Name: "schema.version",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("coalesce(max(version_id), 0) AS version").From("roster.schema_migrations").Where("is_applied")
	},
})

// Ready returns nil where the database answers and its schema is at least the
// one that this build was made for. The error says which of the two is wrong;
// its kind is Unavailable where the database does not answer.
func (d *Database) Ready(ctx context.Context) error {
	row, err := read(ctx, d, func(db sqlcheck.DB) (versionRow, error) {
		return schemaVersion.One(ctx, db, sqlcheck.None{})
	})
	switch {
	case code(err) == undefinedTable || code(err) == invalidSchema:
		return fmt.Errorf("the database has no schema of Roster's: run roster migrate up: %w", err)
	case err != nil:
		return err
	case row.Version < d.schema.Version:
		return fmt.Errorf("the database's schema is at version %d and this Roster needs %d (%s): run roster migrate up", row.Version, d.schema.Version, d.schema.File)
	}
	return nil
}
