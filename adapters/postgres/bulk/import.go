package bulk

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Store implements ports.BulkStore.
type Store struct{ pool *database.Pool }

// New returns the store of a pool's database. Importers use postgres.NewBulk.
func New(pool *database.Pool) *Store { return &Store{pool.For(database.Streams)} }

const (
	// lockInterval is how often a waiting import tries to get the lock.
	lockInterval = 200 * time.Millisecond
	// unlockTimeout is how long releasing the lock may take.
	unlockTimeout = 5 * time.Second
)

type lockedRow struct {
	Locked bool `db:"locked"`
}

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
	importLock = sqlcheck.New(sqlcheck.Def[sqlcheck.None, lockedRow]{
		Name: "bulk.lock",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("pg_try_advisory_lock(hashtext('roster.import')) AS locked")
		},
	})
	importUnlock = sqlcheck.New(sqlcheck.Def[sqlcheck.None, lockedRow]{
		Name: "bulk.unlock",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("pg_advisory_unlock(hashtext('roster.import')) AS locked")
		},
	})
	// The server checks every second whether its client is connected. So it ends the
	// statement of an importer that was killed, and releases the lock.
	watchClient = sqlcheck.New(sqlcheck.Def[sqlcheck.None, settingRow]{
		Name: "bulk.watch_client",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("set_config('client_connection_check_interval', '1000', true) AS setting")
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
	return database.Translate(ctx, sqlcheck.Hold(ctx, b.pool.Session(), func(ctx context.Context, s sqlcheck.Session) (err error) {
		if err := lockImports(ctx, s, how.Wait); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlockImports(ctx, s, err)) }()
		w := &writer{session: s, at: how.At, onStored: how.Stored, added: map[string]int64{}, analyzed: map[string]int64{}}
		if !how.Atomic {
			return fn(ctx, w)
		}
		return inTx(ctx, s, func(ctx context.Context, tx sqlcheck.Tx) error {
			w.tx = &tx
			if err := fn(ctx, w); err != nil {
				return err
			}
			return w.failed
		})
	}))
}

// lockImports waits for the end of another import.
func lockImports(ctx context.Context, s sqlcheck.Session, wait time.Duration) error {
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	tick := time.NewTicker(lockInterval)
	defer tick.Stop()
	for {
		row, err := importLock.One(ctx, s, sqlcheck.None{})
		if err != nil || row.Locked {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timeout.C:
			return &domain.Error{
				Kind: domain.Conflict, Reason: domain.ReasonInUse,
				Detail: "another import is running on this database", Fix: "wait for it to end, and import again",
			}
		case <-tick.C:
		}
	}
}

// unlockImports releases the lock. After a failure the connection may be closed,
// which has released the lock.
func unlockImports(ctx context.Context, s sqlcheck.Session, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTimeout)
	defer cancel()
	if _, err := importUnlock.One(ctx, s, sqlcheck.None{}); failed == nil {
		return err
	}
	return nil
}

// inTx runs fn in a transaction that may take long.
func inTx(ctx context.Context, s sqlcheck.Session, fn func(context.Context, sqlcheck.Tx) error) error {
	return sqlcheck.InTx(ctx, s, sqlcheck.TxOptions{}, func(ctx context.Context, tx sqlcheck.Tx) error {
		if err := allowTime(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

func allowTime(ctx context.Context, tx sqlcheck.Tx) error {
	if _, err := relaxLimits.One(ctx, tx, sqlcheck.None{}); err != nil {
		return err
	}
	_, err := watchClient.One(ctx, tx, sqlcheck.None{})
	return err
}
