package migrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Each row holds the number of the transaction that wrote it. In a restored dump
// these are numbers of another server. If they are greater than those of this
// server, new changes would sort before old ones.

var countForeign = sqlcheck.New(sqlcheck.Def[sqlcheck.None, countRow]{
	Name: "migrations.count_foreign",
	Build: statement(`SELECT
		(SELECT count(*) FROM (SELECT FROM roster.users WHERE changed >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT 1) u) +
		(SELECT count(*) FROM (SELECT FROM roster.user_tombstones WHERE changed >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT 1) t) +
		(SELECT count(*) FROM (SELECT FROM roster.log WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT 1) l)
		AS count`),
})

// The trigger of the table stamps each row that is updated.
var stampUsers = sqlcheck.New(none{
	Name:  "migrations.stamp_users",
	Build: statement("UPDATE roster.users SET changed = pg_current_xact_id()"),
	Plan:  sqlcheck.Gate{Whole: map[string]string{"roster.users": "every row of a restored dump is stamped, once"}},
})

var stampTombstones = sqlcheck.New(none{
	Name:  "migrations.stamp_tombstones",
	Build: statement("UPDATE roster.user_tombstones SET changed = pg_current_xact_id(), erased_at = now()"),
})

// No role but the owner may change the log, and the function changes no more than this.
var stampLog = sqlcheck.New(sqlcheck.Def[sqlcheck.None, countRow]{
	Name:  "migrations.stamp_log",
	Build: statement("SELECT coalesce(roster.restamp_log(), 0) AS count"),
})

// Simultaneous runs wait for this lock, and the second finds nothing to do.
var lockStamps = sqlcheck.New(sqlcheck.Def[sqlcheck.None, countRow]{
	Name:  "migrations.lock_stamps",
	Build: statement("SELECT count(*) AS count FROM (SELECT pg_advisory_xact_lock(8245093617742902)) AS locked"),
})

// Restamped counts the rows that Restamp numbered.
type Restamped struct{ Users, Tombstones, Entries int64 }

// restampRetries is how often Restamp is repeated when requests get in its way.
const restampRetries = 5

// Restamp numbers the changes of users and the entries of the log again if the database
// was restored from the dump of another server: each row gets a transaction of this
// server. Otherwise it changes nothing, and returns zeros. It needs only rights that the
// serving role has.
func (m *Migrator) Restamp(ctx context.Context) (done Restamped, err error) {
	foreign, err := countForeign.One(ctx, m.db, sqlcheck.None{})
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == "42501" {
		return done, nil // a role that may not read the rows leaves this to one that may
	}
	if err == nil && foreign.Count > 0 {
		options := sqlcheck.TxOptions{Isolation: pgx.ReadCommitted, Retries: restampRetries}
		err = sqlcheck.InTx(ctx, m.db, options, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
			done, err = stamp(ctx, tx)
			return err
		})
	}
	if err != nil {
		return Restamped{}, fmt.Errorf("numbering the changes of a restored dump again: %w", err)
	}
	return done, nil
}

func stamp(ctx context.Context, tx sqlcheck.Tx) (done Restamped, err error) {
	if _, err = lockStamps.All(ctx, tx, sqlcheck.None{}); err != nil {
		return done, err
	}
	foreign, err := countForeign.One(ctx, tx, sqlcheck.None{})
	if err != nil || foreign.Count == 0 {
		return done, err
	}
	if done.Users, err = stampUsers.Exec(ctx, tx, sqlcheck.None{}); err != nil {
		return done, err
	}
	if done.Tombstones, err = stampTombstones.Exec(ctx, tx, sqlcheck.None{}); err != nil {
		return done, err
	}
	entries, err := stampLog.One(ctx, tx, sqlcheck.None{})
	done.Entries = entries.Count
	return done, err
}
