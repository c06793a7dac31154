package migrate

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// found makes the schema and the table of versions, which the first migration
// needs.
func (m *Migrator) found(ctx context.Context) error {
	return sqlcheck.InTx(ctx, m.db, sqlcheck.TxOptions{}, func(ctx context.Context, tx sqlcheck.Tx) error {
		if _, err := lockFoundation.All(ctx, tx, sqlcheck.None{}); err != nil {
			return err
		}
		schemas, err := countSchemas.One(ctx, tx, sqlcheck.None{})
		if err != nil {
			return err
		}
		var steps []*sqlcheck.Query[sqlcheck.None, sqlcheck.None]
		if schemas.Count == 0 {
			steps = append(steps, createSchema)
		}
		steps = append(steps, createVersions, insertFoundation)
		for _, step := range append(steps, comments...) {
			if _, err := step.Exec(ctx, tx, sqlcheck.None{}); err != nil {
				return err
			}
		}
		return nil
	})
}
