package postgres

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// ErrDiffers is the cause of an error of Ready after Verify has found that statements
// fail.
var ErrDiffers = errors.New("the schema was changed, so that requests fail")

// Verify compares the schema with the one that this build expects, with the rights of
// the role that serves. It asks for a connection of those for work that may take long.
// Until the next call, Ready returns what makes statements fail. The error is
// schema.ErrOlder where migrations are missing.
func (d *Database) Verify(ctx context.Context) (*schema.Report, error) {
	report, err := schema.Verify(ctx, d.pool.For(database.Waiting).Session(), "")
	if err != nil {
		return nil, database.Translate(ctx, err)
	}
	var first *schema.Difference
	if fails := report.Of(schema.Fails); len(fails) > 0 {
		first = &fails[0]
	}
	d.differs.Store(first)
	return report, nil
}
