package mutants

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// column is a column of a table that is no partition.
type column struct {
	relation  uint32
	number    int32
	table     string // quoted, with its schema
	name      string
	kind      string // its type
	nullable  bool
	generated bool
	filled    bool   // it has a default or is an identity
	purpose   string // what needs it besides queries
}

func (c column) target() string { return c.table + "." + c.name }

func (c column) String() string { return "column " + c.target() }

func (c column) quoted() string { return pgx.Identifier{c.name}.Sanitize() }

// A function's body is text to the server: that it has the column's name and
// the table's is taken for a use. That a column is NOT NULL is none, though
// PostgreSQL 18 and later keep it as a constraint.
const columnsText = `
	SELECT r.oid, a.attnum, format('%I.%I', n.nspname, r.relname), a.attname, format_type(a.atttypid, NULL),
		NOT a.attnotnull, a.attgenerated <> '', a.atthasdef OR a.attidentity <> '',
		concat_ws('; ',
			(SELECT 'constraint ' || string_agg(k.conname, ', ' ORDER BY k.conname)
				FROM pg_constraint k WHERE k.conrelid = r.oid AND a.attnum = ANY (k.conkey) AND k.contype <> 'n'),
			(SELECT 'index ' || string_agg(DISTINCT x.relname, ', ') FROM pg_depend d JOIN pg_class x ON x.oid = d.objid AND x.relkind IN ('i', 'I')
				WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.refobjsubid = a.attnum),
			(SELECT 'view ' || string_agg(DISTINCT w.ev_class::regclass::text, ', ') FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
				WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.refobjsubid = a.attnum),
			(SELECT 'function ' || string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.proname) FROM pg_proc p
				WHERE p.pronamespace = n.oid AND p.prosrc ~ ('\m' || a.attname || '\M') AND p.prosrc ~ ('\m' || r.relname || '\M')))
	FROM pg_class r
	JOIN pg_namespace n ON n.oid = r.relnamespace
	JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE r.relkind IN ('r', 'p') AND NOT r.relispartition AND r.relpersistence <> 't'
		AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
	ORDER BY 3, 2`

func columnsOf(ctx context.Context, conn *pgx.Conn) ([]column, error) {
	rows, err := conn.Query(ctx, columnsText)
	if err != nil {
		return nil, fmt.Errorf("reading the columns: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c column, err error) {
		err = row.Scan(&c.relation, &c.number, &c.table, &c.name, &c.kind, &c.nullable, &c.generated, &c.filled, &c.purpose)
		return c, err
	})
}

// change is a mutant that is to be made.
type change struct {
	kind     Kind
	words    string
	attempts [][]string
}

// changes are those of a column.
func (c column) changes() []change {
	alter := fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s ", c.table, c.quoted())
	drop := fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s CASCADE", c.table, c.quoted())
	all := []change{
		{Rename, "", [][]string{{fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO mutant", c.table, c.quoted())}}},
		{Drop, "", [][]string{{drop}, append(c.unpartition(), drop)}},
		c.retype(Retype, another(c.kind)),
	}
	if near := nearly[c.kind]; near != "" {
		all = append(all, c.retype(Widen, near))
	}
	if c.nullable {
		return append(all, change{NotNull, "", [][]string{{alter + "SET NOT NULL"}}})
	}
	return append(all, change{Null, "", [][]string{
		{alter + "DROP NOT NULL"},
		{c.free("p"), alter + "DROP IDENTITY IF EXISTS", alter + "DROP NOT NULL"},
	}})
}

// retype keeps primary keys and plain indexes, which statements may name in ON
// CONFLICT, where the server lets it.
func (c column) retype(kind Kind, to string) change {
	alter := fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE %s USING NULL::%[3]s", c.table, c.quoted(), to)
	undefault := fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", c.table, c.quoted())
	not := " NOT NULL"
	if c.nullable {
		not = ""
	}
	again := fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s CASCADE, ADD COLUMN %[2]s %s%s", c.table, c.quoted(), to, not)
	return change{kind, c.kind + " → " + to, [][]string{
		{c.free("cf"), undefault, alter},
		{again},
		append(c.unpartition(), undefault, alter),
	}}
}

// free drops the constraints of some types, and the indexes with expressions,
// generated columns and triggers, that have the column.
func (c column) free(constraints string) string {
	return fmt.Sprintf(`DO $do$ DECLARE statement text; BEGIN FOR statement IN
		SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', conrelid::regclass, conname) FROM pg_constraint
			WHERE contype IN ('%s') AND conparentid = 0
				AND (conrelid = %[2]d AND %[3]d = ANY (conkey) OR confrelid = %[2]d AND %[3]d = ANY (confkey))
		UNION ALL
		SELECT DISTINCT format('DROP INDEX %%s', i.indexrelid::regclass) FROM pg_index i JOIN pg_depend d ON d.objid = i.indexrelid
			WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND d.refobjid = %[2]d AND d.refobjsubid = %[3]d
		UNION ALL
		SELECT format('ALTER TABLE %%s DROP COLUMN %%I', a.attrelid::regclass, a.attname)
			FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
			WHERE d.classid = 'pg_attrdef'::regclass AND d.refobjid = %[2]d AND d.refobjsubid = %[3]d AND a.attgenerated <> '' AND a.attnum <> %[3]d
		UNION ALL
		SELECT DISTINCT format('DROP TRIGGER %%I ON %%s', g.tgname, g.tgrelid::regclass) FROM pg_trigger g JOIN pg_depend d ON d.objid = g.oid
			WHERE NOT g.tgisinternal AND d.refobjid = %[2]d AND d.refobjsubid = %[3]d
		LOOP EXECUTE statement; END LOOP; END $do$`, strings.Join(strings.Split(constraints, ""), "', '"), c.relation, c.number)
}

// unpartition makes a plain table of a partitioned one, whose key can neither
// be dropped nor changed.
func (c column) unpartition() []string {
	schema, name, _ := strings.Cut(c.table, ".")
	return []string{
		fmt.Sprintf("CREATE TABLE %s.mutant (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED)", schema, c.table),
		fmt.Sprintf("DROP TABLE %s CASCADE", c.table),
		fmt.Sprintf("ALTER TABLE %s.mutant RENAME TO %s", schema, name),
	}
}

// another is a type that no Go type holds which holds the given one.
func another(kind string) string {
	switch kind {
	case "smallint", "integer", "bigint", "numeric":
		return "double precision"
	case "double precision", "real":
		return "numeric"
	case "uuid", "timestamp with time zone", "timestamp without time zone", "date", "boolean", "bytea":
		return "text"
	case "jsonb", "json":
		return "integer"
	}
	return "bytea"
}

// nearly are types to which code often gets changed without notice.
var nearly = map[string]string{
	"smallint": "integer", "integer": "bigint", "bigint": "integer", "timestamp with time zone": "timestamp without time zone",
	"jsonb": "text", "json": "text", "text": "integer", "uuid": "bytea",
}
