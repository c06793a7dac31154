package describe

import (
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nulls"
)

// columnsText asks for the columns of a relation. One is NOT NULL only if it
// is so in every relation that inherits from it, if no foreign table is among
// these, and if no row was exempted (NOT VALID, since PostgreSQL 18).
const columnsText = `
	WITH RECURSIVE family AS (
		SELECT $1::oid AS oid
		UNION
		SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family ON i.inhparent = family.oid
	), known AS (
		SELECT m.attname, bool_and(m.attnotnull AND k.relkind IN ('r', 'p') AND NOT EXISTS (
			SELECT FROM pg_catalog.pg_constraint c
			WHERE c.conrelid = m.attrelid AND c.contype = 'n' AND NOT c.convalidated AND m.attnum = ANY (c.conkey)
		)) AS notnull
		FROM family
		JOIN pg_catalog.pg_class k ON k.oid = family.oid
		JOIN pg_catalog.pg_attribute m ON m.attrelid = k.oid AND m.attnum > 0 AND NOT m.attisdropped
		GROUP BY m.attname
	)
	SELECT a.attnum::int, a.attname, known.notnull, a.attnotnull, t.typtype = 'd' AND t.typnotnull
	FROM pg_catalog.pg_attribute a
	JOIN known USING (attname)
	JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
	WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped`

const relationText = `
	WITH RECURSIVE family AS (
		SELECT $1::oid AS oid
		UNION
		SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family ON i.inhparent = family.oid
	)
	SELECT n.nspname || '.' || c.relname, c.relkind, c.relhasrules, EXISTS (
		SELECT FROM pg_catalog.pg_trigger g JOIN family ON g.tgrelid = family.oid
		WHERE NOT g.tgisinternal AND g.tgtype & 1 = 1 AND g.tgtype & (2 | 64) <> 0
	)
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.oid = $1`

// relation reads a relation but for a view's query.
func (r reading) relation(oid uint32) (nulls.Relation, error) {
	relation := nulls.Relation{Columns: map[int]nulls.Column{}}
	var kind string
	err := r.conn.QueryRow(r.ctx, relationText, oid).
		Scan(&relation.Name, &kind, &relation.Rewritten, &relation.Triggered)
	if err != nil {
		return relation, err
	}
	relation.Kind = kind[0]
	rows, err := r.conn.Query(r.ctx, columnsText, oid)
	if err != nil {
		return relation, err
	}
	var number int
	var c nulls.Column
	_, err = pgx.ForEachRow(rows, []any{&number, &c.Name, &c.NotNull, &c.Declared, &c.Domain}, func() error {
		relation.Columns[number] = c
		return nil
	})
	return relation, err
}
