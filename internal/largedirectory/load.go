//sqlcheck:allow COPY of whole files and the indexes of a scratch database, by names from its catalog

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/ports"
)

// setting keeps triggers and foreign keys from looking at each row, except the
// trigger that keeps postings and vocabulary: it works once a statement.
const setting = "SET session_replication_role = replica; SET maintenance_work_mem = '128MB';" +
	"ALTER TABLE roster.users ENABLE ALWAYS TRIGGER index_tokens_after_insert"

// after sets back what setting changed in the database, and makes the rollups.
var after = []string{
	"ALTER TABLE roster.users ENABLE TRIGGER index_tokens_after_insert",
	"SELECT roster.rollup_rebuild(ARRAY(SELECT o.id FROM roster.organizations o))",
}

// load copies the files of a folder, with events in the months, into the tables
// of the same names, and builds the indexes afterwards.
func load(ctx context.Context, conn *pgx.Conn, folder string, months []time.Time) error {
	if _, err := conn.Exec(ctx, setting, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	indexes, err := dropIndexes(ctx, conn)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT roster.ensure_event_partitions($1)", months); err != nil {
		return fmt.Errorf("making the partitions: %w", err)
	}
	for _, kind := range ports.RecordKinds() {
		if err := copyFile(ctx, conn, "roster."+string(kind), filepath.Join(folder, string(kind)+".csv")); err != nil {
			return fmt.Errorf("copying the %s: %w", kind, err)
		}
	}
	for _, statement := range slices.Concat(indexes, after) {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// dropIndexes drops those that belong to no constraint, and returns the
// statements that make them again.
func dropIndexes(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, err := conn.Query(ctx, `SELECT i.indexrelid::regclass::text, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
		FROM pg_index i
		JOIN pg_class c ON c.oid = i.indexrelid AND NOT c.relispartition
		WHERE c.relnamespace = 'roster'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`)
	if err != nil {
		return nil, err
	}
	var definitions []string
	var drop strings.Builder
	var name, definition string
	if _, err := pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		definitions = append(definitions, definition)
		fmt.Fprintf(&drop, "DROP INDEX %s;", name)
		return nil
	}); err != nil {
		return nil, err
	}
	_, err = conn.Exec(ctx, drop.String(), pgx.QueryExecModeSimpleProtocol)
	return definitions, err
}

// partLines is how many lines are copied at once, as many as in a part of an
// import: the trigger sorts the tokens of each statement, and statistics show it.
const partLines = 1000

// copyFile copies a CSV file, whose first line names the columns. No field has
// a line break.
func copyFile(ctx context.Context, conn *pgx.Conn, table, name string) (err error) {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := bufio.NewScanner(file)
	lines.Scan()
	statement := fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT csv)", table, lines.Text())
	for {
		var part bytes.Buffer
		for n := 0; n < partLines && lines.Scan(); n++ {
			part.Write(lines.Bytes())
			part.WriteByte('\n')
		}
		if part.Len() == 0 {
			return lines.Err()
		}
		if _, err := conn.PgConn().CopyFrom(ctx, &part, statement); err != nil {
			return err
		}
	}
}
