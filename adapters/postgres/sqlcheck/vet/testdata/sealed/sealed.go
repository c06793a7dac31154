package sealed

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type params struct{ ID int64 }

type row struct {
	ID int64 `db:"id"`
}

func on(ctx context.Context, tx pgx.Tx, q *sqlcheck.Query[params, row]) ([]row, error) {
	return q.All(ctx, sqlcheck.On(tx), params{1}) // want `sqlcheck.On mixes checked queries with other SQL`
}

func kept() func(sqlcheck.Querier) sqlcheck.DB { return sqlcheck.On } // want `sqlcheck.On mixes`

func unwrap(tx sqlcheck.Tx) pgx.Tx {
	return tx.Unwrap() // want `\(sqlcheck.Tx\).Unwrap mixes`
}

func text(q *sqlcheck.Query[params, row]) (string, []any, error) {
	return q.SQL(params{1}) // want `SQL mixes checked queries with other SQL, and "sealed" in sqlcheck.json forbids that: take a sqlcheck.DB`
}
