//sqlcheck:allow this file makes databases

package allowing

import (
	"context"

	"github.com/jackc/pgx/v5"
)

type conn interface {
	Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
}

func anywhere(ctx context.Context, c conn) { c.Query(ctx, "SELECT 1") }
