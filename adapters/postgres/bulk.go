package postgres

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Bulk implements ports.BulkStore: COPY into a staging table, then a few
// statements that move its rows.
type Bulk struct{ database *Database }

// NewBulk returns the store of whole directories.
func NewBulk(database *Database) *Bulk { return &Bulk{database: database} }

var _ ports.BulkStore = (*Bulk)(nil)

const (
	// importLockTick is how often an import looks whether another one has ended.
	importLockTick = 200 * time.Millisecond
	// importUnlockWait is how long it may take to give the lock back.
	importUnlockWait = 5 * time.Second
)

var (
	bulkLock = sqlcheck.New(sqlcheck.Def[sqlcheck.None, lockedRow]{
		Name: "bulk.lock",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("pg_try_advisory_lock(hashtext('roster.import')) AS locked")
		},
	})
	bulkUnlock = sqlcheck.New(sqlcheck.Def[sqlcheck.None, lockedRow]{
		Name: "bulk.unlock",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("pg_advisory_unlock(hashtext('roster.import')) AS locked")
		},
	})
	// A server that looks for its client once a second ends a statement whose
	// importer was killed, and with it the lock.
	bulkWatchClient = sqlcheck.New(sqlcheck.Def[sqlcheck.None, bulkSettingRow]{
		Name: "bulk.watch_client",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("set_config('client_connection_check_interval', '1000', true) AS setting")
		},
	})
	// The limits that protect a server from its requests do not fit a statement
	// that moves a million rows. They come back with the end of the transaction.
	bulkRelax = sqlcheck.New(sqlcheck.Def[sqlcheck.None, relaxedRow]{
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

type (
	lockedRow struct {
		Locked bool `db:"locked"`
	}
	bulkSettingRow struct {
		Setting string `db:"setting"`
	}
	relaxedRow struct {
		Statement string `db:"statement"`
		Idle      string `db:"idle"`
		Lock      string `db:"lock"`
		Memory    string `db:"memory"`
	}
)

// Import implements ports.BulkStore.
func (b *Bulk) Import(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
	return translate(ctx, sqlcheck.Hold(ctx, b.database.db, func(ctx context.Context, s sqlcheck.Session) (err error) {
		if err := lockImports(ctx, s, how.Wait); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlockImports(ctx, s, err)) }()
		w := &bulkWriter{session: s, at: how.At, stored: how.Stored, grown: map[string]int64{}, counted: map[string]int64{}}
		if !how.Atomic {
			return fn(ctx, w)
		}
		return bulkTx(ctx, s, func(ctx context.Context, tx sqlcheck.Tx) error {
			w.whole = &tx
			if err := fn(ctx, w); err != nil {
				return err
			}
			return w.failed
		})
	}))
}

func lockImports(ctx context.Context, s sqlcheck.Session, wait time.Duration) error {
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	tick := time.NewTicker(importLockTick)
	defer tick.Stop()
	for {
		row, err := bulkLock.One(ctx, s, sqlcheck.None{})
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

// unlockImports gives the lock back. After a failure the connection may be
// gone, and the lock with it.
func unlockImports(ctx context.Context, s sqlcheck.Session, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), importUnlockWait)
	defer cancel()
	if _, err := bulkUnlock.One(ctx, s, sqlcheck.None{}); failed == nil {
		return err
	}
	return nil
}

func bulkTx(ctx context.Context, s sqlcheck.Session, fn func(context.Context, sqlcheck.Tx) error) error {
	return sqlcheck.InTx(ctx, s, sqlcheck.TxOptions{}, func(ctx context.Context, tx sqlcheck.Tx) error {
		if _, err := bulkRelax.One(ctx, tx, sqlcheck.None{}); err != nil {
			return err
		}
		if _, err := bulkWatchClient.One(ctx, tx, sqlcheck.None{}); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// bulkWriter implements ports.BulkWriter on the one connection that imports.
type bulkWriter struct {
	session sqlcheck.Session
	at      time.Time
	whole   *sqlcheck.Tx // of an atomic import
	failed  error        // the first of an atomic import, which can't be stored in part
	stored  func(int64)  // of an import in parts
	// grown is by how many rows each table has, counted how many there were
	// when it was analyzed last.
	grown, counted map[string]int64
}

func (w *bulkWriter) inParts() bool { return w.stored != nil }

// counts reports whether a table is due to be analyzed, now that it has so many
// new rows: an import in parts does that each time that there are twice as many.
func (w *bulkWriter) counts(table string, rows int64) bool {
	if w.inParts() && rows < max(2*w.counted[table], leastCounted) {
		return false
	}
	w.counted[table] = rows
	return true
}

// leastCounted is from how many rows on a part is worth statistics.
const leastCounted = 500

func (w *bulkWriter) inTx(ctx context.Context, fn func(context.Context, sqlcheck.Tx) error) error {
	if w.whole != nil {
		return fn(ctx, *w.whole)
	}
	return bulkTx(ctx, w.session, fn)
}

func (w *bulkWriter) db() sqlcheck.DB {
	if w.whole != nil {
		return *w.whole
	}
	return w.session
}

// importedAt is the parameter of the statements that store new rows.
type importedAt struct{ At time.Time }
