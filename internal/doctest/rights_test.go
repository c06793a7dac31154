package doctest_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// rightsFile lists every right in the schema roster after the grants of
// docs/operations.md: go test ./internal/doctest -update writes it.
const rightsFile = "internal/doctest/testdata/rights.txt"

// selectRights has a row for each object: its name, and who may do what with it.
// Without rights of its own, an object has those that PostgreSQL gives by default.
const selectRights = `
	WITH objects (object, acl) AS (
		SELECT 'schema ' || nspname, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace WHERE nspname = 'roster'
		UNION ALL
		SELECT CASE WHEN relkind = 'S' THEN 'sequence ' ELSE 'table ' END || relname,
			coalesce(relacl, acldefault(CASE WHEN relkind = 'S' THEN 's' ELSE 'r' END::"char", relowner))
		FROM pg_class WHERE relnamespace = 'roster'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
		UNION ALL
		SELECT 'column ' || c.relname || '.' || a.attname, a.attacl FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'roster'::regnamespace AND a.attacl IS NOT NULL
		UNION ALL
		SELECT concat_ws(' ', 'function', oid::regprocedure, CASE WHEN prosecdef THEN 'with the rights of ' || proowner::regrole END,
			substring(array_to_string(proconfig, ';') FROM 'search_path=[^;]*')), coalesce(proacl, acldefault('f', proowner))
		FROM pg_proc WHERE pronamespace = 'roster'::regnamespace
		UNION ALL
		SELECT 'type ' || typname, coalesce(typacl, acldefault('T', typowner)) FROM pg_type
		WHERE typnamespace = 'roster'::regnamespace AND typrelid = 0 AND typelem = 0
		UNION ALL
		SELECT concat_ws(' ', 'new', CASE defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
			WHEN 'T' THEN 'types' ELSE 'schemas' END, 'of', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace), defaclacl
		FROM pg_default_acl
	), rights AS (
		SELECT o.object, CASE r.grantee WHEN 0 THEN 'PUBLIC' ELSE r.grantee::regrole::text END AS holder,
			string_agg(r.privilege_type || CASE WHEN r.is_grantable AND r.grantee <> r.grantor THEN ' (may grant it)' ELSE '' END,
				' ' ORDER BY r.privilege_type) AS allowed
		FROM objects o LEFT JOIN LATERAL aclexplode(o.acl) r ON true GROUP BY o.object, r.grantee
	)
	SELECT object || E':\n' || string_agg('    ' || coalesce(holder, 'nobody') || ': ' || coalesce(allowed, ''), E'\n'
		ORDER BY holder COLLATE "C") FROM rights GROUP BY object ORDER BY object COLLATE "C"`

// rights are those of all roles in a database, under the names of the document.
func (r *roles) rights(t *testing.T, address string) string {
	t.Helper()
	text := strings.Join(pgtest.Column[string](t, pgtest.Connect(t, address), selectRights), "\n") + "\n"
	for _, name := range []string{"roster_owner", "roster_serve", "roster_read"} {
		text = strings.ReplaceAll(text, r.rename(name), name)
	}
	return text
}

// use has events, whose partitions the serving role makes.
func (r *roles) use(t *testing.T, address string) {
	t.Helper()
	const partitions = "SELECT roster.ensure_event_partitions(ARRAY['2026-01-15', '2026-02-15']::timestamptz[])"
	if err := execute(t.Context(), r.as(t, address, "serve"), partitions); err != nil {
		t.Fatal(err)
	}
}

func (r *roles) grant(t *testing.T, address string) {
	t.Helper()
	if err := execute(t.Context(), r.as(t, address, "owner"), r.rename(only(t, "sql grants"))); err != nil {
		t.Fatal(err)
	}
}

// restore makes a database of the backup of another one, as the owner or, with "", as
// the superuser. It returns the owner's address.
func (r *roles) restore(t *testing.T, address, role string) string {
	t.Helper()
	restored := r.newDatabase(t, address)
	to := restored
	if role == "" {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		parsed.Path += "_restored" // see newDatabase
		to = parsed.String()
	}
	if out, err := shell(t, only(t, "sh backup")+only(t, "sh restore"), "DATABASE_URL="+address, "RESTORED_URL="+to); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return restored
}

func TestTheGrantsStateEveryRight(t *testing.T) {
	r := newRoles(t)
	path := filepath.Join(root, rightsFile)
	address := r.template.Database(t)
	r.use(t, address)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(r.rights(t, address)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := read(t, rightsFile)
	for name, prepare := range map[string]func(t *testing.T) string{
		"after migrations": func(*testing.T) string { return address },
		"after a restore": func(t *testing.T) string {
			restored := r.restore(t, address, "owner")
			r.grant(t, restored)
			return restored
		},
		"after other grants": func(t *testing.T) string {
			other := r.template.Database(t)
			r.use(t, other)
			wide := `GRANT ALL ON SCHEMA roster TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA roster TO roster_read, PUBLIC;
				GRANT ALL ON ALL SEQUENCES IN SCHEMA roster TO roster_serve; GRANT ALL ON ALL ROUTINES IN SCHEMA roster TO roster_read, PUBLIC;
				GRANT UPDATE (kind) ON roster.events TO roster_serve;
				ALTER DEFAULT PRIVILEGES IN SCHEMA roster GRANT SELECT ON TABLES TO roster_serve, roster_read;
				ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON ROUTINES TO PUBLIC`
			if err := execute(t.Context(), r.as(t, other, "owner"), r.rename(wide)); err != nil {
				t.Fatal(err)
			}
			r.grant(t, other)
			return other
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := r.rights(t, prepare(t)); got != want {
				t.Errorf("the rights are not those of %s, from which they differ: %s\n"+
					"Grant or revoke what is missing in %s; if the file is wrong, run: go test ./internal/doctest -update",
					rightsFile, firstDifference(want, got), operations)
			}
		})
	}
}

// Functions would run with the rights of a superuser.
func TestTheGrantsRefuseASchemaOfSomebodyElse(t *testing.T) {
	r := newRoles(t)
	address := r.template.Database(t)
	restored := r.restore(t, address, "")
	err := execute(t.Context(), r.as(t, restored, "owner"), r.rename(only(t, "sql grants")))
	fault, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || !strings.Contains(fault.Message, "not everything in the schema roster belongs to "+r.rename("roster_owner")) {
		t.Errorf("the grants end with %v", err)
	}
}

// A function with its owner's rights must not call what a caller's schema has.
func TestFunctionsWithTheirOwnersRightsHaveAFixedSearchPath(t *testing.T) {
	const loose = `SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'roster'::regnamespace AND prosecdef
		AND NOT 'search_path=pg_catalog, pg_temp' = ANY (coalesce(proconfig, '{}'))`
	if found := pgtest.Column[string](t, pgtest.Connect(t, latest.Database(t)), loose); len(found) > 0 {
		t.Errorf("%v: add SET search_path = pg_catalog, pg_temp", found)
	}
}

// Each statement needs a right that a role of the document must not have.
func TestTheReadingRoleChangesNothingAfterARestore(t *testing.T) {
	r := newRoles(t)
	address := r.template.Database(t)
	r.use(t, address)
	restored := r.restore(t, address, "owner")
	r.grant(t, restored)
	functions := pgtest.Column[string](t, pgtest.Connect(t, restored),
		"SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'roster'::regnamespace AND has_function_privilege('"+
			r.rename("roster_read")+"', oid, 'EXECUTE')")
	if len(functions) > 0 {
		t.Errorf("the reading role can call %v", functions)
	}
	err := execute(context.Background(), r.as(t, restored, "read"), "BEGIN READ WRITE; SELECT roster.drop_event_partition(now())")
	if fault, ok := errors.AsType[*pgconn.PgError](err); !ok || fault.Code != "42501" {
		t.Errorf("dropping a month as the reading role ends with %v", err)
	}
}
