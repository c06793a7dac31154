//sqlcheck:allow statements of snapshots, on a server that is thrown away

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// markUsed marks the columns and functions that the statements of the program name: the
// texts of the snapshots.
func markUsed(ctx context.Context, address string, found *schema.Schema) error {
	texts, err := statements(filepath.Join(root, "adapters/postgres/snapshots"))
	if err != nil {
		return err
	}
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer connection.Close(context.WithoutCancel(ctx))
	used := map[string]bool{}
	for _, text := range texts {
		names, err := uses(ctx, connection, text)
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		for _, name := range names {
			used[name] = true
		}
	}
	for i := range found.Tables {
		table := &found.Tables[i]
		for j := range table.Columns {
			table.Columns[j].Used = used[table.Name+"."+table.Columns[j].Name]
		}
	}
	for i := range found.Functions {
		found.Functions[i].Used = used[found.Functions[i].Name+"()"]
	}
	return nil
}

// statements are the texts of all snapshots, but for those that PostgreSQL allows in no
// function, such as CREATE and ANALYZE.
func statements(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var snapshot struct {
			Statements []struct{ Text []string }
		}
		if err := json.Unmarshal(content, &snapshot); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, statement := range snapshot.Statements {
			text := strings.Join(statement.Text, "")
			switch verb, _, _ := strings.Cut(text, " "); verb {
			case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
				texts = append(texts, text)
			}
		}
	}
	return texts, nil
}

// uses lists what a statement names, as table.column and function(). PostgreSQL notes it
// as what a function with that statement depends on.
func uses(ctx context.Context, connection *pgx.Conn, text string) ([]string, error) {
	tx, err := connection.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	prepared, err := tx.Prepare(ctx, "", text)
	if err != nil {
		return nil, err
	}
	result := "SETOF record"
	if len(prepared.Fields) == 0 {
		result = "void"
	}
	var types string
	const names = "SELECT coalesce(string_agg(t::regtype::text, ', ' ORDER BY i), '') FROM unnest($1::oid[]) WITH ORDINALITY u (t, i)"
	if err := tx.QueryRow(ctx, names, prepared.ParamOIDs).Scan(&types); err != nil {
		return nil, err
	}
	create := "CREATE FUNCTION pg_temp.statement(" + types + ") RETURNS " + result + " LANGUAGE sql BEGIN ATOMIC " + text + "; END"
	if _, err := tx.Exec(ctx, create, pgx.QueryExecModeSimpleProtocol); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT CASE WHEN p.oid IS NULL THEN c.relname || '.' || a.attname ELSE p.proname || '()' END
		FROM pg_depend d
		LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid AND c.relnamespace = 'roster'::regnamespace
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
		LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid AND p.pronamespace = 'roster'::regnamespace
		WHERE d.classid = 'pg_proc'::regclass AND d.objid = (
			SELECT oid FROM pg_proc WHERE proname = 'statement' AND pronamespace = pg_my_temp_schema())
		AND (a.attname IS NOT NULL OR p.oid IS NOT NULL)`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
