// Package schema brings an empty database to the schema that a folder of
// migrations leads to, reads it, and guesses which migration took a column
// away.
package schema

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Table is a table or a view, but no partition of one.
type Table struct {
	Schema  string   `json:"schema"`
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// FullName is the name with its schema, like "shop.orders".
func (t Table) FullName() string { return t.Schema + "." + t.Name }

// Column is a column of a table.
type Column struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // as PostgreSQL writes it, like "character varying(20)"
	Nullable bool   `json:"nullable,omitempty"`
}

// Schema is what a database holds.
type Schema struct {
	// Postgres is the server's major version, like "15".
	Postgres string
	Tables   []Table // sorted by schema and name; the columns in their order
}

// Table finds a table by its full name.
func (s Schema) Table(fullName string) (Table, bool) { return find(s.Tables, fullName) }

func find(tables []Table, fullName string) (Table, bool) {
	i := slices.IndexFunc(tables, func(t Table) bool { return t.FullName() == fullName })
	if i < 0 {
		return Table{}, false
	}
	return tables[i], true
}

// Column finds a column by its name.
func (t Table) Column(name string) (Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

const columnsText = `
	SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
		AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
	ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`

// Read reads the tables of a database, but not the server's own.
func Read(ctx context.Context, url string) (s Schema, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return s, fmt.Errorf("reading the schema: %w", err)
	}
	defer conn.Close(ctx)
	const version = "SELECT (current_setting('server_version_num')::int / 10000)::text"
	if err := conn.QueryRow(ctx, version).Scan(&s.Postgres); err != nil {
		return s, fmt.Errorf("reading the server's version: %w", err)
	}
	rows, err := conn.Query(ctx, columnsText)
	if err != nil {
		return s, fmt.Errorf("reading the schema: %w", err)
	}
	var t Table
	var c Column
	_, err = pgx.ForEachRow(rows, []any{&t.Schema, &t.Name, &c.Name, &c.Type, &c.Nullable}, func() error {
		if n := len(s.Tables); n == 0 || s.Tables[n-1].FullName() != t.FullName() {
			s.Tables = append(s.Tables, t)
		}
		last := &s.Tables[len(s.Tables)-1]
		last.Columns = append(last.Columns, c)
		return nil
	})
	if err != nil {
		return s, fmt.Errorf("reading the schema: %w", err)
	}
	return s, nil
}
