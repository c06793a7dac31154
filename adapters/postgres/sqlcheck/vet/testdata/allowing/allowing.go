// Package allowing says why it goes past sqlcheck.
package allowing

import (
	"context"

	"github.com/jackc/pgx/v5"
)

func lines(ctx context.Context, conn *pgx.Conn) {
	conn.Exec(ctx, "CREATE DATABASE a") //sqlcheck:allow no query has a database's name for a parameter
	//sqlcheck:allow no query has a database's name for a parameter
	conn.Exec(ctx, "CREATE DATABASE b")
	conn.Exec(ctx, "CREATE DATABASE c") // want `Exec sends SQL`
	//sqlcheck:allow nothing here needs it // want `//sqlcheck:allow allows nothing: remove it, or move it to the line that needs it`
	_ = ctx
	conn.Exec(ctx, "SELECT 1") //sqlcheck:allow // want `without a reason: say why` `Exec sends SQL`
	conn.Exec(ctx, "SELECT 1") // sqlcheck:allow because // want `: write //sqlcheck:allow and a reason` `Exec sends SQL`
	conn.Exec(ctx, "SELECT 1") //sqlcheck:ignore because // want `not a directive of sqlcheck` `Exec sends SQL`
}

// whole is allowed from its first line to its last.
//
//sqlcheck:allow it makes databases
func whole(ctx context.Context, conn *pgx.Conn) {
	if true {
		conn.Exec(ctx, "SELECT 1")
	}
}

func other(ctx context.Context, conn *pgx.Conn) {
	conn.Exec(ctx, "SELECT 1") // want `Exec sends SQL`
}
