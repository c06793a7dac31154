package released

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Table is a table or a view, with its schema in the name.
type Table struct {
	Name    string   `json:"table"`
	Columns []Column `json:"columns"`
}

// Column is a column of a table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// NotNull says that the column refuses NULL: it, its domain or a check does.
	NotNull bool `json:"not_null,omitempty"`
	// Filled says that it has a value where an INSERT leaves it out: a default,
	// or that of a trigger that has its name.
	Filled bool `json:"filled,omitempty"`
}

// A trigger's function is text to PostgreSQL: that it has the column's name is
// taken for an assignment.
const columnsText = `
	SELECT n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
		a.attnotnull OR t.typtype = 'd' AND t.typnotnull OR EXISTS (
			SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
				AND pg_get_expr(k.conbin, k.conrelid) = format('(%I IS NOT NULL)', a.attname)),
		a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' OR t.typdefault IS NOT NULL OR EXISTS (
			SELECT FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
			WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 5 = 5 AND g.tgtype & 66 <> 0
				AND p.prosrc ~ ('\m' || a.attname || '\M'))
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
	WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
		AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
	ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`

// TablesOf reads the tables of the database of a connection, but not the
// server's own.
func TablesOf(ctx context.Context, conn *pgx.Conn) (all []Table, err error) {
	rows, err := conn.Query(ctx, columnsText)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	var table string
	var c Column
	_, err = pgx.ForEachRow(rows, []any{&table, &c.Name, &c.Type, &c.NotNull, &c.Filled}, func() error {
		if n := len(all); n == 0 || all[n-1].Name != table {
			all = append(all, Table{Name: table})
		}
		last := &all[len(all)-1]
		last.Columns = append(last.Columns, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	return all, nil
}

// tables are those of a schema, sorted by name.
type tables []Table

func (all tables) column(table, column string) (Column, bool) {
	t, _ := all.table(table)
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == column })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

func (all tables) table(name string) (Table, bool) {
	i := slices.IndexFunc(all, func(t Table) bool { return t.Name == name })
	if i < 0 {
		return Table{}, false
	}
	return all[i], true
}
