package migrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Rows note the transaction that wrote them. From a dump they come with the
// numbers of another server, which may be ahead of this one's: then what is
// written here would count as older than what was there before.

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

// restamp makes the rows of another server's dump this one's.
func (m *Migrator) restamp(ctx context.Context) error {
	foreign, err := countForeign.One(ctx, m.db, sqlcheck.None{})
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == "42501" {
		return nil // a role without rights to the rows leaves them to one that has them
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
