package postgres

import (
	"context"
	"errors"
	"fmt"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/migrations"
)

// Database is Roster's database. It is safe for concurrent use.
type Database struct {
	pool   *database.Pool
	schema migrations.Migration // the newest that this build knows
}

// Open makes a pool of connections. The database need not answer yet: connections
// are made when they are needed, and again when they break. The error says what
// is wrong with the config.
func Open(ctx context.Context, config Config) (*Database, error) {
	if config.URL == "" {
		return nil, errors.New("the database's address is empty: send a URL such as postgres://user:password@host/database")
	}
	settings, err := connect.Parse(config.URL)
	if err != nil {
		return nil, fmt.Errorf("the database's address: %w", err)
	}
	if err := Settings(settings, config); err != nil {
		return nil, err
	}
	connections, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, fmt.Errorf("making the pool of connections: %w", err)
	}
	d, err := On(connections, config)
	if err != nil {
		connections.Close()
		return nil, err
	}
	d.pool.OnClose(connections.Close)
	return d, nil
}

// On uses the importer's own pool, whose config Settings has prepared. The error
// says which setting is missing. Close leaves the pool open.
func On(connections *pgxpool.Pool, config Config) (*Database, error) {
	newest, err := migrations.Newest()
	if err != nil {
		return nil, err
	}
	if err := connect.Prepared(connections.Config()); err != nil {
		return nil, fmt.Errorf("%w: prepare its config with postgres.Settings", err)
	}
	return &Database{pool: database.New(connections, config.withDefaults().batching()), schema: newest}, nil
}

// batching has no caller's deadline end a batch.
func (c Config) batching() database.Options {
	return database.Options{Batching: !c.NoBatching, Timeout: c.BatchTimeout, Logger: c.Logger}
}

// Migrate brings the schema up to date. It connects by itself, so that another
// role may own the schema.
func Migrate(ctx context.Context, url string) error { return migrate.Up(ctx, url) }

// Close waits for running statements and closes all connections.
func (d *Database) Close() { d.pool.Close() }

type versionRow struct {
	Version int64 `db:"version"`
}

var schemaVersion = sqlcheck.New(sqlcheck.Def[sqlcheck.None, versionRow]{
	Name: "schema.version",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("coalesce(max(version_id), 0) AS version").From("roster.schema_migrations").Where("is_applied")
	},
})

// ErrSchema is the cause of an error of Ready that migrating the database ends.
var ErrSchema = errors.New("the schema is not the one that this Roster needs")

const applyMigrations = "run roster migrate up as the schema's owner, or roster serve without ROSTER_MIGRATE=no"

// Ready returns nil where the database answers and its schema is at least the one
// that this build was made for. Else the error says which of the two is wrong; it
// is Unavailable where the database does not answer, and ErrSchema where its schema
// is older.
func (d *Database) Ready(ctx context.Context) error {
	row, err := database.Read(ctx, d.pool, func(db sqlcheck.DB) (versionRow, error) {
		return schemaVersion.One(ctx, db, sqlcheck.None{})
	})
	switch {
	case database.Code(err) == database.UndefinedTable || database.Code(err) == database.InvalidSchema:
		return fmt.Errorf("the database has no schema of Roster's: %s: %w (%w)", applyMigrations, ErrSchema, err)
	case err != nil:
		return err
	case row.Version < d.schema.Version:
		return fmt.Errorf("the database's schema is at version %d and this Roster needs %d (%s): %s: %w",
			row.Version, d.schema.Version, d.schema.File, applyMigrations, ErrSchema)
	}
	return nil
}
