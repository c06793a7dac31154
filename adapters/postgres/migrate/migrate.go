package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/migrations"
)

// Migrator applies migrations to one database and takes them back.
type Migrator struct {
	pool  *pgxpool.Pool
	db    sqlcheck.Session
	std   *sql.DB
	goose *goose.Provider
	all   []migrations.Migration
}

// lockID is the advisory lock that a run holds: a number that only Roster uses.
const lockID = 8245093617742900

// New makes a Migrator for the database at url, a PostgreSQL URL or keyword
// string. It does not connect. Close it after use.
func New(url string, logger *slog.Logger) (*Migrator, error) {
	all, err := migrations.All()
	if err != nil {
		return nil, err
	}
	pool, err := open(url)
	if err != nil {
		return nil, err
	}
	m := &Migrator{pool: pool, db: sqlcheck.Pool(pool), std: stdlib.OpenDBFromPool(pool), all: all}
	if m.goose, err = provider(m.std, logger); err != nil {
		return nil, errors.Join(fmt.Errorf("reading the migrations: %w", err), m.Close())
	}
	return m, nil
}

// Close ends the connections to the database.
func (m *Migrator) Close() error {
	err := m.std.Close()
	m.pool.Close()
	return err
}

func open(url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database's address: %w", err)
	}
	config.MaxConns, config.MinConns, config.MinIdleConns = 4, 0, 0
	// Each statement is sent once, so there is nothing to gain from keeping it
	// prepared. The server says what the parameters are, since a program may be
	// built without pgx's list of Go types (nopgxregisterdefaulttypes).
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	for name, value := range map[string]string{
		"application_name": "roster migrate",
		"timezone":         "UTC",
		// A migration may run long, but must not wait long for a lock: every
		// later statement on the table waits behind it.
		"lock_timeout":      "30s",
		"statement_timeout": "0",
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	return pgxpool.NewWithConfig(context.Background(), config)
}

func provider(db *sql.DB, logger *slog.Logger) (*goose.Provider, error) {
	const everySecond, forAnHour = 1, 3600
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(lockID), lock.WithLockTimeout(everySecond, forAnHour))
	if err != nil {
		return nil, err
	}
	//sqlcheck:allow goose sends the migrations
	return goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithTableName(versionTable),
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithSlog(logger))
}
