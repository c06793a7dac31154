package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func readVersion(ctx context.Context, pool *database.Pool) (int64, error) {
	return database.Read(ctx, pool, func(db sqlcheck.DB) (int64, error) { return schema.Version(ctx, db) })
}

// readiness asks whether the database answers. It has a connection of its own, so that
// it never waits behind requests, and those who ask together ask once.
type readiness struct {
	pool    *database.Pool // of the requests
	timeout time.Duration
	asked   database.Batcher[struct{}, struct{}, int64]
}

// newReadiness makes the readiness of a pool, which closes it.
func newReadiness(pool *database.Pool, settings *pgxpool.Config, config Config) (readiness, error) {
	settings.MaxConns, settings.MinConns, settings.MinIdleConns = 1, 0, 0
	connection, err := pgxpool.NewWithConfig(context.Background(), settings)
	if err != nil {
		return readiness{}, fmt.Errorf("making the connection of the readiness check: %w", err)
	}
	pool.OnClose(connection.Close)
	options := config.options()
	options.Batching, options.Unshared = true, true
	if config.ReadyTimeout > 0 {
		options.Timeout = config.ReadyTimeout // of those who ask while others wait
	}
	own := database.New(connection, options)
	pool.OnClose(own.Close)
	limits := database.Limits{MaxBatches: 1, MaxRequests: 1}
	return readiness{pool, config.ReadyTimeout, database.Reads(own, limits, batch.Work[struct{}, struct{}, int64]{
		Key: database.Itself[struct{}],
		Run: batch.Each(func(ctx context.Context, _ struct{}) (int64, error) { return readVersion(ctx, own) }),
	})}, nil
}

// version reads the version of the schema.
func (r readiness) version(ctx context.Context) (int64, error) {
	limited := ctx
	if r.timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, r.timeout)
		defer cancel()
	}
	version, err := r.asked.Do(limited, struct{}{})
	if database.Code(err) == database.TooManyConnections {
		version, err = readVersion(limited, r.pool) // the requests have all that the server gives
	}
	return version, database.Translate(ctx, err)
}

// ErrSchema is the cause of an error of Ready that migrating the database ends.
var ErrSchema = errors.New("the schema is not the one that this Roster needs")

const applyMigrations = "run roster migrate up as the schema's owner, or roster serve without ROSTER_MIGRATE=no"

// Ready returns nil where the database answers in time and its schema is at least the
// one that this build was made for. Else the error says which of the two is wrong; it
// is Unavailable where the database does not answer, ErrSchema where its schema is
// older, and ErrDiffers where the last call of Verify found that statements fail.
func (d *Database) Ready(ctx context.Context) error {
	version, err := d.ready.version(ctx)
	switch {
	case database.Code(err) == database.UndefinedTable || database.Code(err) == database.InvalidSchema:
		return fmt.Errorf("the database has no schema of Roster's: %s: %w (%w)", applyMigrations, ErrSchema, err)
	case err != nil:
		return err
	case version < d.schema.Version:
		return fmt.Errorf("the database's schema is at version %d and this Roster needs %d (%s): %s: %w",
			version, d.schema.Version, d.schema.File, applyMigrations, ErrSchema)
	}
	if difference := d.differs.Load(); difference != nil {
		return fmt.Errorf("%w: %s", ErrDiffers, difference)
	}
	return nil
}
