package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/postgres/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/migrations"
)

// Migrator applies migrations to one database and takes them back.
type Migrator struct {
	pool     *pgxpool.Pool
	sessions *connect.Sessions
	db       sqlcheck.Session
	std      *sql.DB
	goose    func() (*goose.Provider, error) // made when it is first needed
	all      []migrations.Migration
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
	pool, sessions, err := open(url)
	if err != nil {
		return nil, err
	}
	// The server may not have noticed yet that the last connection of the role has ended.
	db := sqlcheck.SharedPool(pool, func(int) {})
	m := &Migrator{pool: pool, sessions: sessions, db: db, std: stdlib.OpenDBFromPool(pool), all: all}
	m.goose = sync.OnceValues(func() (*goose.Provider, error) { return provider(m.std, logger) })
	return m, nil
}

// Close ends the connections to the database.
func (m *Migrator) Close() error {
	err := m.std.Close()
	m.pool.Close()
	return err
}

// Verify compares the schema with the one that the migrations make. It looks at the
// rights of a role; "" is the role that connects. It changes nothing.
func (m *Migrator) Verify(ctx context.Context, role string) (*schema.Report, error) {
	return schema.Verify(ctx, m.db, role)
}

// Pooled reports whether a pooler stands between this process and the database, once
// another method has used the database.
func (m *Migrator) Pooled() bool { return m.sessions.Pooling() != connect.Unknown }

// maxConns is how many connections a Migrator has: one, so that a role that may have
// few can migrate.
const maxConns = 1

func open(url string) (*pgxpool.Pool, *connect.Sessions, error) {
	config, err := connect.Parse(url)
	if err != nil {
		return nil, nil, fmt.Errorf("the database's address: %w", err)
	}
	config.MaxConns, config.MinConns, config.MinIdleConns = maxConns, 0, 0
	// Each statement is sent once, so there is nothing to gain from keeping it
	// prepared. The server says what the parameters are, since a program may be
	// built without pgx's list of Go types (nopgxregisterdefaulttypes).
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	sessions := connect.Prepare(config, connect.Options{
		ApplicationName: "roster migrate",
		// A migration may run long, but must not wait long for a lock: every
		// later statement on the table waits behind it.
		LockTimeout: 30 * time.Second,
		AnySettings: true, // Up refuses such a pooler, and Status needs no settings
	})
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	return pool, sessions, err
}

func provider(db *sql.DB, logger *slog.Logger) (*goose.Provider, error) {
	const everySecond, forAnHour = 1, 3600
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(lockID), lock.WithLockTimeout(everySecond, forAnHour))
	if err != nil {
		return nil, err
	}
	//sqlcheck:allow goose sends the migrations
	made, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithTableName(versionTable),
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithSlog(logger))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return made, nil
}
