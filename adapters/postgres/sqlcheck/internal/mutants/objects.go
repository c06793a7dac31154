package mutants

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// object is a change of something else than a column.
type object struct {
	Kind      Kind
	Relation  uint32 // the table's, 0 of a function
	Table     string // with its schema
	Target    string
	Columns   []string // of a unique index without expressions and condition
	Statement string
}

func (o object) String() string { return string(o.Kind) + ": " + o.Target }

const tablesOfMutants = `
	t AS (
		SELECT r.oid, format('%I.%I', n.nspname, r.relname) AS name, n.nspname, a.attname AS first
		FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
		JOIN LATERAL (SELECT attname FROM pg_attribute
			WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum LIMIT 1) a ON true
		WHERE r.relkind IN ('r', 'p') AND NOT r.relispartition AND r.relpersistence <> 't'
			AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
	)`

// Of a check the statement adds what is always true; the name stays.
const objectsText = `WITH ` + tablesOfMutants + `
	SELECT k.kind, t.oid, t.name, t.name, NULL::text[], format(k.statement, t.name, quote_ident(t.first)) FROM t, (VALUES
		($1, 'DROP TABLE %s CASCADE'), ($2, 'ALTER TABLE %s RENAME TO mutant'),
		($3, 'ALTER TABLE %1$s ADD mutant int NOT NULL DEFAULT 0; ALTER TABLE %1$s ALTER mutant DROP DEFAULT'),
		($4, 'ALTER TABLE %s ADD mutant int'), ($5, 'ALTER TABLE %s ADD mutant int NOT NULL DEFAULT 0'),
		($6, 'CREATE INDEX ON %s (%s)')) k (kind, statement)
	UNION ALL
	SELECT CASE c.contype WHEN 'c' THEN $7 ELSE $8 END, t.oid, t.name, t.name || '.' || c.conname, NULL,
		format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, c.conname) || CASE c.contype
			WHEN 'c' THEN format(', ADD CONSTRAINT %I CHECK ((%s) OR true)', c.conname, pg_get_expr(c.conbin, c.conrelid)) ELSE '' END
	FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('c', 'f') AND c.conparentid = 0
	UNION ALL
	SELECT $9, t.oid, t.name, t.nspname || '.' || x.relname,
		CASE WHEN i.indexprs IS NULL AND i.indpred IS NULL THEN (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute
			WHERE attrelid = t.oid AND attnum = ANY (i.indkey)) END,
		coalesce('ALTER TABLE ' || t.name || ' DROP CONSTRAINT ' || quote_ident(k.conname) || ' CASCADE',
			format('DROP INDEX %I.%I CASCADE', t.nspname, x.relname))
	FROM t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique JOIN pg_class x ON x.oid = i.indexrelid
	LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
	UNION ALL
	SELECT $10, 0, '', p.oid::regprocedure::text, NULL, format('DROP ROUTINE %s CASCADE', p.oid::regprocedure)
	FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	WHERE n.nspname IN (SELECT nspname FROM t) AND p.prorettype <> 'trigger'::regtype
	ORDER BY 4, 1`

func objectsOf(ctx context.Context, conn *pgx.Conn) ([]object, error) {
	rows, err := conn.Query(ctx, objectsText, DropTable, RenameTable, AddRequired, AddNullable, AddDefault, AddIndex,
		WidenCheck, DropForeign, DropUnique, DropFunction)
	if err != nil {
		return nil, fmt.Errorf("reading tables, constraints and functions: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[object])
}

func (t releaseTrial) object(ctx context.Context, o object) ([]Mutant, error) {
	m := Mutant{Kind: o.Kind, Target: o.Target}
	expected := func(now oracle) []string {
		breaks := t.original.changed(now)
		if o.Kind == AddRequired || o.Kind == DropUnique {
			breaks = append(breaks, t.inserting(o)...)
		}
		if o.Kind == DropTable || o.Kind == RenameTable {
			breaks = append(breaks, t.dependentsOf(o)...)
		}
		return breaks
	}
	err := t.try(ctx, &m, o.Relation, [][]string{{o.Statement}}, expected)
	return []Mutant{m}, err
}

// dependentsOf are the queries that depend on a column of the table.
func (t releaseTrial) dependentsOf(o object) (queries []string) {
	for query, places := range t.original.depends {
		for p := range places {
			if p.relation == o.Relation {
				queries = append(queries, query)
				break
			}
		}
	}
	return queries
}

// inserting are the queries with an INSERT into the table: for a unique index,
// those that name its columns in ON CONFLICT.
func (t releaseTrial) inserting(o object) []string {
	return t.having(func(text string) bool {
		if o.Kind == DropUnique {
			return len(o.Columns) > 0 && conflictsOn(text, o)
		}
		return len(insertedColumns(text, o.Table)) > 0
	})
}

var inserted = regexp.MustCompile(`(?is)\binsert\s+into\s+([\w.]+)(?:\s+as\s+\w+)?\s*\(([^)]*)\)`)

// insertedColumns are the columns that each INSERT of a text into the table
// names.
func insertedColumns(text, table string) (all [][]string) {
	for _, m := range inserted.FindAllStringSubmatch(strings.ReplaceAll(text, `"`, ""), -1) {
		if m[1] == table {
			all = append(all, namesIn(m[2]))
		}
	}
	return all
}

func namesIn(list string) (names []string) {
	for name := range strings.SplitSeq(list, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

var (
	insertInto = regexp.MustCompile(`(?i)\binsert\s+into\s+`)
	conflict   = regexp.MustCompile(`(?is)^([\w.]+).*?\bon\s+conflict\s*\(([^)]*)\)`)
)

// conflictsOn reports whether an INSERT into the table names exactly the columns
// of the unique index in ON CONFLICT.
func conflictsOn(text string, o object) bool {
	for _, insert := range insertInto.Split(text, -1) {
		if m := conflict.FindStringSubmatch(insert); m != nil && m[1] == o.Table && sameNames(namesIn(m[2]), o.Columns) {
			return true
		}
	}
	return false
}

func sameNames(a, b []string) bool {
	return len(without(a, b)) == 0 && len(without(b, a)) == 0
}
