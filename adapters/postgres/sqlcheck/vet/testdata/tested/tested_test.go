package tested

import (
	"context"

	"github.com/jackc/pgx/v5"
)

func seed(conn *pgx.Conn) {
	conn.Exec(context.Background(), "SELECT 1") // want `Exec sends SQL`
}
