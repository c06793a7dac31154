package bulk

import (
	"context"
	"encoding/json"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type exportedOf struct{ User [16]byte }

type keptRow struct {
	Record json.RawMessage `db:"record"`
}

// kept selects all rows of a table that belong to a user. Their columns become fields
// after the field "table". A test compares the tables and columns with the catalogue.
func kept(table, columns, condition string, params ...any) sq.Sqlizer {
	record := sq.Select("'"+table+"' AS \"table\"").Columns(columns).From("roster."+table+" t").Where(condition, params...)
	return sq.Expr("SELECT row_to_json(r) AS record FROM (?) r", record)
}

func keeping(table, columns, condition string) *sqlcheck.Query[exportedOf, keptRow] {
	return sqlcheck.New(sqlcheck.Def[exportedOf, keptRow]{
		Name:  "bulk.export_user." + table,
		Build: func(p exportedOf) sq.Sqlizer { return kept(table, columns, condition, any(p.User)) },
	})
}

// keptOfUser are the tables of which a user is exported, in order.
var keptOfUser = []*sqlcheck.Query[exportedOf, keptRow]{
	keeping("users", "t.id, t.external_id, t.username, t.email, t.display_name, t.attributes, t.status,"+
		" t.created_at, t.updated_at, t.deleted_at, t.held_at, t.version", "t.id = ?"),
	keeping("memberships", "t.organization_id, t.user_id, t.role, t.joined_at", "t.user_id = ?"),
	keeping("events", "t.id, t.organization_id, t.user_id, t.kind, t.occurred_at, t.payload", "t.user_id = ?"),
	keeping("idempotency_keys", "t.caller, t.operation, t.key, t.result, t.created_at", "t.about = ?"),
	keeping("log", "t.id, t.at, t.kind, t.subject, t.organization_id, t.version, t.fields, t.actor, t.request",
		"t.subject = ?::uuid::text AND split_part(t.kind, '.', 1) IN ('user', 'membership')"),
	keeping("erasures", "t.id, t.kind, t.subject, t.started_at, t.finished_at, t.rows", "t.subject = ? AND t.kind = 'user'"),
	keeping("user_tombstones", "t.id, t.erased_at", "t.id = ?"),
}

// ExportUser implements ports.BulkStore.
func (b *Store) ExportUser(ctx context.Context, id domain.UserID, write func(ports.KeptRecord) error) error {
	options := sqlcheck.TxOptions{Isolation: pgx.RepeatableRead, ReadOnly: true}
	found := false
	err := sqlcheck.InTx(ctx, b.pool.Session(), options, func(ctx context.Context, tx sqlcheck.Tx) error {
		if err := allowTime(ctx, tx); err != nil {
			return err
		}
		for _, query := range keptOfUser {
			err := query.Each(ctx, tx, exportedOf{id}, func(row *keptRow) error {
				found = true
				return write(row.Record)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && !found {
		return domain.Absent("user", id)
	}
	return database.Translate(ctx, err)
}
