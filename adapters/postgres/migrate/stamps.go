package migrate

import (
	"context"
	"errors"
	"fmt"

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
		(SELECT count(*) FROM (SELECT FROM roster.user_tombstones WHERE changed >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT 1) t)
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

// restamp gives the rows of another server's dump a transaction of this server.
func (m *Migrator) restamp(ctx context.Context) error {
	foreign, err := countForeign.One(ctx, m.db, sqlcheck.None{})
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == "42501" {
		return nil // a role that may not read the rows leaves this to one that may
	}
	if err == nil && foreign.Count > 0 {
		err = sqlcheck.InTx(ctx, m.db, sqlcheck.TxOptions{}, func(ctx context.Context, tx sqlcheck.Tx) error {
			if _, err := stampUsers.Exec(ctx, tx, sqlcheck.None{}); err != nil {
				return err
			}
			_, err := stampTombstones.Exec(ctx, tx, sqlcheck.None{})
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("ordering the changes of a restored dump again: %w", err)
	}
	return nil
}
