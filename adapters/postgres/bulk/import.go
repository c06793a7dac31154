package bulk

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// Store implements ports.BulkStore.
type Store struct {
	pool      *database.Pool
	leaseTime time.Duration
}

// New returns the store of a pool's database. Importers use postgres.NewBulk.
func New(pool *database.Pool) *Store { return &Store{pool.For(database.Streams), leaseTime} }

type settingRow struct {
	Setting string `db:"setting"`
}

type limitsRow struct {
	Statement string `db:"statement"`
	Idle      string `db:"idle"`
	Lock      string `db:"lock"`
	Memory    string `db:"memory"`
}

var (
	// The server checks every second whether its client is connected. So it ends the
	// statement of an importer that was killed, and its locks with it.
	watchClient = sqlcheck.New(sqlcheck.Def[sqlcheck.None, settingRow]{
		Name: "bulk.watch_client",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("set_config('client_connection_check_interval', '1000', true) AS setting")
		},
	})
	// A part has few lines, which are looked up by index: those of the staging table
	// too, in which deleted lines of earlier parts may stay for as long as pg_dump runs.
	useIndexes = sqlcheck.New(sqlcheck.Def[sqlcheck.None, settingRow]{
		Name: "bulk.use_indexes",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("set_config('enable_seqscan', 'off', true) AS setting")
		},
	})
	// The limits that protect the database from requests do not fit a statement that
	// inserts a million rows. The end of the transaction restores them.
	relaxLimits = sqlcheck.New(sqlcheck.Def[sqlcheck.None, limitsRow]{
		Name: "bulk.relax",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select(
				"set_config('statement_timeout', '0', true) AS statement",
				"set_config('idle_in_transaction_session_timeout', '0', true) AS idle",
				"set_config('lock_timeout', '60s', true) AS lock",
				"set_config('work_mem', '64MB', true) AS memory",
			)
		},
	})
)

// Import implements ports.BulkStore.
func (b *Store) Import(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
	owned, err := b.take(ctx, how)
	if err != nil {
		return database.Translate(ctx, err)
	}
	leased, stop := owned.keep(ctx)
	err = b.run(leased, how, owned, fn)
	stop()
	if errors.Is(context.Cause(leased), errLost) {
		return errLost
	}
	if endErr := owned.end(ctx); err == nil {
		err = endErr
	}
	return database.Translate(ctx, err)
}

// run runs fn with a writer that stores records while the lease lasts.
func (b *Store) run(ctx context.Context, how ports.BulkImport, owned *lease, fn func(context.Context, ports.BulkWriter) error) error {
	// An import that was killed may have left lines.
	if err := owned.clear(ctx, allKinds); err != nil {
		return err
	}
	w := &writer{
		session: b.pool.Session(), lease: owned, at: how.At, onStored: how.Stored,
		added: map[string]int64{}, analyzed: map[string]int64{}, staged: map[string]int64{},
	}
	if !how.Atomic {
		return fn(ctx, w)
	}
	return sqlcheck.InTx(ctx, w.session, sqlcheck.TxOptions{}, func(ctx context.Context, tx sqlcheck.Tx) error {
		if err := allowTime(ctx, tx); err != nil {
			return err
		}
		w.tx = &tx
		if err := fn(ctx, w); err != nil {
			return err
		}
		return w.failed
	})
}

func allowTime(ctx context.Context, tx sqlcheck.Tx) error {
	var limits sqlcheck.Batch
	queueLimits(&limits)
	return limits.Send(ctx, tx)
}

func queueLimits(to *sqlcheck.Batch) {
	relaxLimits.Queue(to, sqlcheck.None{})
	watchClient.Queue(to, sqlcheck.None{})
}
