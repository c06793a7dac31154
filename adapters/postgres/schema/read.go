package schema

import (
	"context"
	"encoding/json"
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type versionRow struct {
	Version int64 `db:"version"`
}

var version = sqlcheck.New(sqlcheck.Def[sqlcheck.None, versionRow]{
	Name: "schema.version",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("coalesce(max(version_id), 0) AS version").From("roster.schema_migrations").Where("is_applied")
	},
})

// Version reads the newest migration that a database has.
func Version(ctx context.Context, db sqlcheck.DB) (int64, error) {
	row, err := version.One(ctx, db, sqlcheck.None{})
	return row.Version, err
}

// seenBy is the role whose rights are read; "" is that of the connection.
type seenBy struct{ Role string }

type catalogueRow struct {
	Catalogue string `db:"catalogue"`
}

// A role that lacks every right can read it: nothing but PostgreSQL's own catalogue is
// asked. The search path is set first, since definitions have the schemas of names that
// it does not find. conenforced is new in PostgreSQL 18. Where the server is built without ICU,
// search_fold is without its collation.
const catalogueText = `WITH path AS MATERIALIZED (
	SELECT set_config('search_path', 'pg_catalog', true) AS path
), home AS MATERIALIZED (
	SELECT n.oid, n.nspowner AS owner, pg_get_userbyid(n.nspowner) AS owner_name FROM path p, pg_namespace n
	WHERE p.path = 'pg_catalog' AND n.nspname = 'roster'
), reader AS (
	SELECT r.oid, r.rolname AS name, r.rolsuper OR r.rolbypassrls AS sees_all FROM pg_roles r
	WHERE r.rolname = coalesce(nullif(?::text, ''), current_user)
), relations AS (
	SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relowner, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity
	FROM pg_class c JOIN home h ON h.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), tables AS (
	SELECT t.relname, jsonb_build_object('name', t.relname, 'unlogged', t.relpersistence = 'u', 'partition_by', pg_get_partkeydef(t.oid),
		'rights', (SELECT jsonb_agg(p) FROM reader r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
			WHERE has_table_privilege(r.oid, t.oid, p)),
		'hides_rows', (SELECT t.relrowsecurity AND NOT r.sees_all AND (t.relforcerowsecurity OR NOT pg_has_role(r.oid, t.relowner, 'USAGE'))
			FROM reader r),
		'unchecked', EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgisinternal AND g.tgenabled NOT IN ('O', 'A')),
		'columns', (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
				'collation', CASE WHEN a.attcollation <> y.typcollation THEN a.attcollation::regcollation::text END,
				'not_null', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid),
				'generated', a.attgenerated, 'identity', a.attidentity,
				'rights', CASE WHEN a.attacl IS NOT NULL THEN (
					SELECT jsonb_agg(p) FROM reader r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) p
					WHERE has_column_privilege(r.oid, t.oid, a.attnum, p) AND NOT has_table_privilege(r.oid, t.oid, p)) END) ORDER BY a.attnum)
			FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
			LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped),
		'constraints', (SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'type', k.contype, 'definition', pg_get_constraintdef(k.oid),
				'invalid', NOT k.convalidated, 'unenforced', to_jsonb(k) ->> 'conenforced' = 'false') ORDER BY k.conname COLLATE "C")
			FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')),
		'indexes', (SELECT jsonb_agg(jsonb_build_object('name', i.relname, 'definition', pg_get_indexdef(x.indexrelid),
				'unique', x.indisunique,
				'constraint', EXISTS (SELECT FROM pg_constraint k
					WHERE k.conrelid = t.oid AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')),
				'invalid', (SELECT jsonb_agg(c.relname ORDER BY c.relname) FROM pg_index v JOIN pg_class c ON c.oid = v.indexrelid
					WHERE NOT v.indisvalid AND (v.indexrelid = x.indexrelid OR v.indexrelid IN (
						SELECT h.inhrelid FROM pg_inherits h WHERE h.inhparent = x.indexrelid)))) ORDER BY i.relname COLLATE "C")
			FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = t.oid),
		'triggers', (SELECT jsonb_agg(jsonb_build_object('name', g.tgname, 'definition', pg_get_triggerdef(g.oid),
				'disabled', g.tgenabled NOT IN ('O', 'A')) ORDER BY g.tgname COLLATE "C")
			FROM pg_trigger g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal)) AS facts
	FROM relations t WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition
), functions AS (
	SELECT p.oid, p.proname, p.proowner, p.prokind, oidvectortypes(p.proargtypes) AS arguments, jsonb_build_object('name', p.proname,
		'arguments', oidvectortypes(p.proargtypes), 'parameters', pg_get_function_arguments(p.oid), 'result', pg_get_function_result(p.oid),
		'kind', p.prokind, 'language', l.lanname, 'volatility', p.provolatile, 'parallel', p.proparallel, 'strict', p.proisstrict,
		'definer', p.prosecdef, 'settings', to_jsonb(p.proconfig), 'body', md5(replace(p.prosrc, ' COLLATE pg_catalog."und-x-icu"', '')),
		'callable', (SELECT has_function_privilege(r.oid, p.oid, 'EXECUTE') FROM reader r)) AS facts
	FROM pg_proc p JOIN home h ON h.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
), owned AS (
	SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 'TABLE' WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END AS kind,
		'roster.' || quote_ident(c.relname) AS name, c.relowner AS owner, pg_has_role(h.owner, c.relowner, 'USAGE') AS works
	FROM relations c, home h WHERE c.relkind IN ('r', 'p', 'v', 'm')
	UNION ALL
	SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, format('roster.%I(%s)', p.proname, p.arguments), p.proowner,
		pg_has_role(p.proowner, h.owner, 'USAGE')
	FROM functions p, home h
), months AS (
	SELECT c.relname, i.inhdetachpending AS leaving, i.inhparent IS NULL AS detached, CASE WHEN i.inhparent IS NULL THEN
			CASE WHEN c.relname ~ '^events_[0-9]{4}_(0[1-9]|1[0-2])$' THEN replace(substr(c.relname, 8), '_', '-') END
		ELSE to_char(substring(pg_get_expr(p.relpartbound, p.oid) FROM 'FROM \(''([^'']+)''\)')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM')
		END AS month
	FROM relations c JOIN pg_class p ON p.oid = c.oid LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
	WHERE c.relkind = 'r' AND coalesce(i.inhparent = (SELECT e.oid FROM relations e WHERE e.relname = 'events'), NOT c.relispartition)
)
SELECT jsonb_build_object(
	'owner', (SELECT owner_name FROM home), 'role', (SELECT name FROM reader),
	'owns', (SELECT pg_has_role(r.oid, h.owner, 'USAGE') FROM reader r, home h),
	'usage', (SELECT has_schema_privilege(r.oid, h.oid, 'USAGE') FROM reader r, home h),
	'tables', (SELECT jsonb_agg(facts ORDER BY relname COLLATE "C") FROM tables),
	'functions', (SELECT jsonb_agg(facts ORDER BY proname COLLATE "C", arguments COLLATE "C") FROM functions),
	'foreign', (SELECT jsonb_agg(jsonb_build_object('kind', o.kind, 'name', o.name, 'owner', pg_get_userbyid(o.owner), 'works', o.works)
		ORDER BY o.name COLLATE "C") FROM owned o, home h WHERE o.owner <> h.owner),
	'months', (SELECT jsonb_agg(jsonb_build_object('name', m.relname, 'month', m.month, 'leaving', m.leaving, 'detached', m.detached,
		'past', (m.month || '-01 UTC')::timestamptz + interval '1 month' < now())
		ORDER BY m.relname COLLATE "C")
		FROM months m WHERE m.month IS NOT NULL AND (m.detached OR m.leaving OR m.relname <> 'events_' || replace(m.month, '-', '_'))),
	'undescribed', (SELECT jsonb_agg(name ORDER BY name) FROM (
		SELECT 'relation ' || c.relname AS name FROM relations c WHERE c.relkind IN ('v', 'm', 'f') OR c.relkind = 'S'
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
		UNION ALL
		SELECT 'type ' || y.typname FROM pg_type y JOIN home h ON h.oid = y.typnamespace WHERE y.typrelid = 0 AND y.typelem = 0
	) others))::text AS catalogue`

var catalogue = sqlcheck.New(sqlcheck.Def[seenBy, catalogueRow]{
	Name:  "schema.catalogue",
	Build: func(p seenBy) sq.Sqlizer { return sq.Expr(catalogueText, p.Role) },
})

// Read reads the schema of a database, with the rights of a role; "" is the role of the
// connection.
func Read(ctx context.Context, db sqlcheck.DB, role string) (Catalogue, error) {
	row, err := catalogue.One(ctx, db, seenBy{role})
	if err != nil {
		return Catalogue{}, fmt.Errorf("reading the schema of the database: %w", err)
	}
	var found Catalogue
	if err := json.Unmarshal([]byte(row.Catalogue), &found); err != nil {
		return Catalogue{}, fmt.Errorf("reading the schema of the database: %w", err)
	}
	if found.Role == "" {
		return Catalogue{}, fmt.Errorf("there is no role %q in the database: write the name of the role that serves", role)
	}
	found.tidy()
	return found, nil
}
