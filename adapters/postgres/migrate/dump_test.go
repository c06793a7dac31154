package migrate_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// schemaLines describes the objects of the schema roster, one a line: what they are,
// their comments and their rights. A server tells that by itself. pg_dump may be
// missing, or too old for the server. NOT NULL is a constraint from PostgreSQL 18 on;
// of these, the name is the server's.
const schemaLines = `
WITH ours AS (SELECT c.* FROM pg_class c WHERE c.relnamespace = 'roster'::regnamespace),
columns AS (SELECT a.*, c.relname FROM ours c JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c') AND a.attnum > 0 AND NOT a.attisdropped)
SELECT line FROM (
	SELECT concat_ws(' ', 'relation', oid::regclass, relkind, relpersistence, relispartition, relrowsecurity, relreplident, reloptions,
		pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid), CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END, relacl,
		obj_description(oid, 'pg_class')) FROM ours
	UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass || '.' || attname, format_type(atttypid, atttypmod), attnotnull,
		attcollation::regcollation, attidentity, attgenerated, attstorage, attcompression, attstattarget, attoptions,
		(SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = attrelid AND d.adnum = attnum), attacl,
		col_description(attrelid, attnum)) FROM columns
	UNION ALL SELECT concat_ws(' ', 'order', attrelid::regclass, string_agg(attname, ', ' ORDER BY attnum)) FROM columns GROUP BY attrelid
	UNION ALL SELECT concat_ws(' ', 'constraint', k.conrelid::regclass, CASE WHEN k.contype <> 'n' THEN k.conname END,
		pg_get_constraintdef(k.oid), k.convalidated, obj_description(k.oid, 'pg_constraint'))
		FROM pg_constraint k JOIN ours c ON c.oid = k.conrelid
	UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered,
		obj_description(i.indexrelid, 'pg_class'))
		FROM pg_index i JOIN ours c ON c.oid = i.indrelid
	UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(g.oid), g.tgenabled, obj_description(g.oid, 'pg_trigger'))
		FROM pg_trigger g JOIN ours c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal
	UNION ALL SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(s.oid)) FROM pg_statistic_ext s JOIN ours c ON c.oid = s.stxrelid
	UNION ALL SELECT concat_ws(' ', 'policy', p.polrelid::regclass, p.polname, p.polcmd, pg_get_expr(p.polqual, p.polrelid))
		FROM pg_policy p JOIN ours c ON c.oid = p.polrelid
	UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(p.oid), p.proacl, obj_description(p.oid, 'pg_proc'))
		FROM pg_proc p WHERE p.pronamespace = 'roster'::regnamespace AND p.prokind IN ('f', 'p')
	UNION ALL SELECT concat_ws(' ', 'type', t.oid::regtype, t.typtype, t.typacl, obj_description(t.oid, 'pg_type'))
		FROM pg_type t WHERE t.typnamespace = 'roster'::regnamespace AND t.typrelid = 0 AND t.typelem = 0
	UNION ALL SELECT concat_ws(' ', 'schema', n.nspacl, obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE n.nspname = 'roster'
) described (line) ORDER BY line COLLATE "C"`

// dump describes the schema.
func dump(t *testing.T, url string) string {
	t.Helper()
	return strings.Join(pgtest.Column[string](t, pgtest.Connect(t, url), schemaLines), "\n")
}

func TestTheDescriptionOfTheSchemaShowsWhatChanges(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	c := pgtest.Connect(t, url)
	last := dump(t, url)
	for _, change := range []string{
		"ALTER TABLE roster.plans ALTER COLUMN code TYPE varchar(64)",
		"ALTER TABLE roster.users ALTER COLUMN display_name DROP NOT NULL",
		"ALTER TABLE roster.users ALTER COLUMN status SET DEFAULT 'x'",
		"ALTER TABLE roster.users ADD COLUMN more text",
		"ALTER TABLE roster.users RENAME COLUMN more TO less",
		"COMMENT ON COLUMN roster.users.less IS 'less'",
		"ALTER TABLE roster.plans ADD CONSTRAINT plans_new CHECK (code <> 'x') NOT VALID",
		"ALTER TABLE roster.plans VALIDATE CONSTRAINT plans_new",
		"CREATE INDEX users_new ON roster.users (less)",
		"ALTER TABLE roster.users SET (fillfactor = 50)",
		"ALTER TABLE roster.users DISABLE TRIGGER index_tokens_after_update",
		"DROP TRIGGER index_tokens_after_update ON roster.users",
		"GRANT SELECT ON roster.users TO public",
		"GRANT UPDATE (less) ON roster.users TO public",
		"REVOKE EXECUTE ON FUNCTION roster.search_text FROM public",
		"ALTER FUNCTION roster.search_text IMMUTABLE PARALLEL UNSAFE",
		"CREATE FUNCTION roster.one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
		"CREATE TYPE roster.colour AS ENUM ('red')",
		"CREATE VIEW roster.some AS SELECT id FROM roster.users",
		"CREATE OR REPLACE VIEW roster.some AS SELECT id FROM roster.users WHERE id IS NULL",
		"CREATE STATISTICS roster.linked ON username, email FROM roster.users",
		"GRANT USAGE ON SCHEMA roster TO public",
	} {
		pgtest.Execute(t, c, change)
		next := dump(t, url)
		if next == last {
			t.Errorf("the description does not show: %s", change)
		}
		last = next
	}
}
