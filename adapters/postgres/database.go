package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/schema"
	"github.com/roster-directory/roster/migrations"
)

// Database is Roster's database. It is safe for concurrent use.
type Database struct {
	pool   *database.Pool
	ready  readiness
	schema migrations.Migration // the newest that this build knows
	// differs is what makes statements fail, by the last call of Verify.
	differs atomic.Pointer[schema.Difference]
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
	address := connections.Config()
	if err := connect.Prepared(address); err != nil {
		return nil, fmt.Errorf("%w: prepare its config with postgres.Settings", err)
	}
	config = config.withDefaults()
	if config.Processors == 0 && connect.Local(address.ConnConfig) {
		config.Processors = runtime.GOMAXPROCS(0)
	}
	d := &Database{pool: database.New(connections, config.options()), schema: newest}
	if d.ready, err = newReadiness(d.pool, address, config); err != nil {
		return nil, err
	}
	return d, nil
}

// options has no caller's deadline end a batch.
func (c Config) options() database.Options {
	return database.Options{
		Batching: !c.NoBatching, Processors: c.Processors, Timeout: c.BatchTimeout, Logger: c.Logger,
		LockTimeout: c.LockTimeout, StatementTimeout: c.StatementTimeout, QueueTimeout: c.QueueTimeout,
	}
}

// Migrate brings the schema up to date. It connects by itself, so that another
// role may own the schema.
func Migrate(ctx context.Context, url string) error { return migrate.Up(ctx, url) }

// Close waits for running statements and closes all connections.
func (d *Database) Close() { d.pool.Close() }
