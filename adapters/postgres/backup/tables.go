package backup

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// logged are the tables that a backup holds. Those of a running import are unlogged.
const logged = `SELECT c.relname FROM pg_class c
	WHERE c.relnamespace = to_regnamespace('roster') AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
	ORDER BY c.relname`

// content counts and hashes the rows of a table. The sum does not depend on their order,
// and a row that is there twice counts twice. The sessions of Roster write values alike.
const content = `SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text FROM %s t`

// tables returns the content of all tables, as the transaction sees them.
func tables(ctx context.Context, tx pgx.Tx) ([]Table, error) {
	rows, err := tx.Query(ctx, logged) //sqlcheck:allow it reads the catalog, in a transaction whose snapshot pg_dump shares
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	all := make([]Table, len(names))
	for i, name := range names {
		all[i].Name = name
		statement := fmt.Sprintf(content, pgx.Identifier{"roster", name}.Sanitize())
		//sqlcheck:allow the name of a table can't be a parameter
		if err := tx.QueryRow(ctx, statement).Scan(&all[i].Rows, &all[i].Hash); err != nil {
			return nil, fmt.Errorf("reading the table %s: %w", name, err)
		}
	}
	return all, nil
}

// DifferentError says which tables of a database are not those of a backup.
type DifferentError struct{ Differences []string }

// Error implements error.
func (e *DifferentError) Error() string {
	return "the database is not as the backup: " + strings.Join(e.Differences, "; ")
}

// compare returns a DifferentError unless the tables are those of the manifest.
func (m *Manifest) compare(found []Table) error {
	byName := map[string]Table{}
	for _, table := range found {
		byName[table.Name] = table
	}
	var differences []string
	for _, want := range m.Tables {
		got, ok := byName[want.Name]
		delete(byName, want.Name)
		switch {
		case !ok:
			differences = append(differences, "the table "+want.Name+" is missing")
		case got.Rows != want.Rows:
			differences = append(differences, fmt.Sprintf("%s has %d rows, not %d", want.Name, got.Rows, want.Rows))
		case got.Hash != want.Hash:
			differences = append(differences, want.Name+" has other rows")
		}
	}
	for _, table := range found {
		if _, more := byName[table.Name]; more {
			differences = append(differences, "the table "+table.Name+" is not in the backup")
		}
	}
	if len(differences) > 0 {
		return &DifferentError{differences}
	}
	return nil
}
