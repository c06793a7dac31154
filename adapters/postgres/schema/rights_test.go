package schema_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// asServer gives a database a role that serves, without rights.
func asServer(t *testing.T, d *database) {
	t.Helper()
	d.role = "Serve of " + d.conn.Config().Database
	role := `"` + d.role + `"`
	pgtest.Execute(t, d.conn, "CREATE ROLE "+role)
	t.Cleanup(func() {
		if _, err := d.conn.Exec(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
}

func TestEachRightThatTheRoleLacksIsNamed(t *testing.T) {
	t.Parallel()
	d := open(t)
	asServer(t, d)
	found := d.verify(t)
	role := `"` + d.role + `"`
	for _, want := range []string{
		"GRANT USAGE ON SCHEMA roster TO " + role + ";", "GRANT SELECT, INSERT, UPDATE, DELETE ON roster.users TO " + role + ";",
		"GRANT UPDATE (organization_id) ON roster.engagement_organizations TO " + role + ";",
	} {
		if !strings.Contains(list(found), want) {
			t.Errorf("%s is not among\n%s", want, list(found))
		}
	}
	if left := d.fix(t, found); len(left) > 0 {
		t.Fatalf("after the grants there is\n%s", list(left))
	}
	for statement, want := range map[string]string{
		"REVOKE INSERT, UPDATE ON roster.users FROM ":                              "fails: table roster.users can't be used by the role",
		"REVOKE EXECUTE ON FUNCTION roster.erase_part FROM PUBLIC, ":               "fails: function roster.erase_part(",
		"REVOKE UPDATE (organization_id) ON roster.engagement_organizations FROM ": "warning: column roster.engagement_organizations.",
		"REVOKE EXECUTE ON FUNCTION roster.drop_event_partition FROM PUBLIC, ":     "warning: function roster.drop_event_partition(",
		"ALTER TABLE roster.users ENABLE ROW LEVEL SECURITY --":                    "fails: table roster.users hides rows from the role",
	} {
		pgtest.Execute(t, d.conn, statement+role)
		found := d.verify(t)
		if len(found) != 1 || !strings.HasPrefix(list(found), want) {
			t.Errorf("%s gives\n%s", statement, list(found))
		}
		if left := d.fix(t, found); len(left) > 0 {
			t.Errorf("%s: after its fix there is\n%s", statement, list(left))
		}
	}
	// What is made again has its rights.
	pgtest.Execute(t, d.conn, "DROP TABLE roster.import_lease", "DROP FUNCTION roster.erase_part")
	if found := d.verify(t); len(found) != 2 {
		t.Error(list(found))
	} else if left := d.fix(t, found); len(left) > 0 {
		t.Errorf("after the fix there is\n%s", list(left))
	}
}

func TestObjectsOfAnotherOwnerAreNamed(t *testing.T) {
	t.Parallel()
	d := open(t)
	asServer(t, d)
	other := `"` + d.role + `"`
	d.role = ""
	pgtest.Execute(t, d.conn, "SELECT roster.ensure_event_partitions(ARRAY['2026-01-15']::timestamptz[])",
		"ALTER FUNCTION roster.index_tokens_after_insert() OWNER TO "+other, "ALTER TABLE roster.events_2026_01 OWNER TO "+other,
		"ALTER PROCEDURE roster.fold_names_again() OWNER TO "+other)
	found := d.verify(t)
	var objects []string
	for _, difference := range found {
		objects = append(objects, string(difference.Severity)+": "+difference.Object)
	}
	want := []string{
		"warning: table roster.events_2026_01", // a superuser's functions can use it
		"unsafe: procedure roster.fold_names_again()",
		"unsafe: function roster.index_tokens_after_insert()",
	}
	if !slices.Equal(objects, want) {
		t.Errorf("got %q, want %q", objects, want)
	}
	if left := d.fix(t, found); len(left) > 0 {
		t.Errorf("after the fix there is\n%s", list(left))
	}
}

func TestTheFirstReleaseStartsOnANewerSchema(t *testing.T) {
	t.Parallel()
	expected, err := schema.Expected()
	if err != nil {
		t.Fatal(err)
	}
	unused := ""
	for _, table := range expected.Tables {
		for _, column := range table.Columns {
			if !column.Used && !column.NotNull && column.Default == "" {
				unused = "ALTER TABLE roster." + table.Name + " DROP COLUMN " + column.Name + " CASCADE"
			}
		}
	}
	d := open(t)
	pgtest.Execute(t, d.conn, "INSERT INTO roster.schema_migrations (version_id, is_applied) VALUES (99999, true)")
	for _, harmless := range []string{
		"ALTER TABLE roster.users ADD nickname text", unused, "DROP INDEX roster.users_newest",
		"ALTER TRIGGER index_tokens_after_insert ON roster.users RENAME TO index_words_after_insert",
		"DROP PROCEDURE roster.fold_names_again()", "ALTER FUNCTION roster.json_merge_patch(jsonb, jsonb) STABLE",
		"ALTER TABLE roster.users ALTER display_name DROP NOT NULL", "ALTER TABLE roster.users DROP CONSTRAINT users_status_check",
	} {
		pgtest.Execute(t, d.conn, harmless)
		if found := d.verify(t); len(found) > 0 {
			t.Errorf("%s: a false alarm:\n%s", harmless, list(found))
		}
	}
	for statement, want := range map[string]string{
		"ALTER TABLE roster.users RENAME email TO mail":                             "fails: column roster.users.email is renamed to mail",
		"ALTER TABLE roster.plans DROP seats CASCADE":                               "fails: column roster.plans.seats is missing",
		"ALTER TABLE roster.memberships DISABLE TRIGGER require_owner_after_delete": "unsafe: trigger require_owner_after_delete",
	} {
		pgtest.Execute(t, d.conn, statement)
		found := d.verify(t)
		if len(found) != 1 || !strings.HasPrefix(list(found), want) {
			t.Errorf("%s gives\n%s", statement, list(found))
		}
		d.fix(t, found)
	}
}
