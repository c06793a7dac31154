package describe

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nulls"
)

// Uses is what a statement reads and writes.
type Uses struct {
	// Columns are those that the statement reads or writes, sorted.
	Columns []Place
	// Inserts are the relations that the statement inserts into.
	Inserts []Insert
	// Analysed reports whether the server analysed the statement. It doesn't
	// analyse utility statements, such as ANALYZE.
	Analysed bool
}

// Place is a column of a relation.
type Place struct {
	Table  string // with its schema
	Column string
}

// Insert is an INSERT into a relation, with the columns that it names.
type Insert struct {
	Table   string // with its schema
	Columns []string
}

// Uses asks the server what a statement reads and writes. If the server refuses
// the statement the error is an *Error.
func (d *Describer) Uses(ctx context.Context, text string) (u Uses, err error) {
	prepared, err := d.catalog.conn.PgConn().Prepare(ctx, "", text, nil)
	if err != nil {
		return u, d.refused(ctx, text, err)
	}
	r := reading{d.catalog, ctx}
	s, err := r.signature(prepared)
	if err != nil {
		return u, err
	}
	query, err := d.analyse(ctx, text, s, func(tx pgx.Tx) error {
		u.Columns, err = dependencies(ctx, tx)
		return err
	})
	if err != nil || query == nil {
		return u, err
	}
	u.Analysed = true
	for _, inserted := range nulls.Inserted(query) {
		relation, err := r.Relation(inserted.Relation)
		if err != nil {
			return u, err
		}
		i := Insert{Table: relation.Name}
		for _, number := range inserted.Columns {
			i.Columns = append(i.Columns, relation.Columns[number].Name)
		}
		u.Inserts = append(u.Inserts, i)
	}
	return u, nil
}

// dependencies are the columns that the function of the statement depends on.
func dependencies(ctx context.Context, tx pgx.Tx) ([]Place, error) {
	const text = `
		SELECT DISTINCT n.nspname || '.' || c.relname, a.attname::text
		FROM pg_catalog.pg_depend d
		JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attnum = d.refobjsubid
		WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
			AND n.nspname NOT IN ('pg_catalog', 'information_schema')
			AND d.objid = (SELECT oid FROM pg_catalog.pg_proc
				WHERE proname = 'sqlcheck_statement' AND pronamespace = pg_my_temp_schema())
		ORDER BY 1, 2`
	rows, err := tx.Query(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("reading what a statement depends on: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Place])
}
