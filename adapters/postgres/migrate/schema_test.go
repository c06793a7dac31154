package migrate_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestUpDownUpLeavesTheSameSchema(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	m := migrator(t, url)
	up := dump(t, url)
	for range files(t) {
		if _, err := m.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	left := pgtest.Column[string](t, pgtest.Connect(t, url), `SELECT relname FROM pg_class
			WHERE relnamespace = 'roster'::regnamespace AND relname NOT LIKE 'schema\_migrations%'
		UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'roster'::regnamespace`)
	if len(left) > 0 {
		t.Errorf("after all migrations down there is %v", left)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := dump(t, url)
	if up != again {
		t.Errorf("the schema was\n%s\nand is\n%s", up, again)
	}
	if !strings.Contains(up, "column roster.users.email text") {
		t.Errorf("the description has no table: %s", up)
	}
}

func TestTablesColumnsAndFunctionsHaveComments(t *testing.T) {
	t.Parallel()
	c := pgtest.Connect(t, migrated(t))
	for kind, query := range map[string]string{
		"table": `SELECT c.relname FROM pg_class c
			WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
			AND obj_description(c.oid, 'pg_class') IS NULL`,
		"column": `SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
			AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL`,
		"function": `SELECT p.proname FROM pg_proc p
			WHERE p.pronamespace = 'roster'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL`,
	} {
		if bare := pgtest.Column[string](t, c, query); len(bare) > 0 {
			t.Errorf("%s without a comment: %s", kind, strings.Join(bare, ", "))
		}
	}
	const all = "SELECT relname FROM pg_class WHERE relnamespace = 'roster'::regnamespace AND relkind = 'r'"
	if tables := pgtest.Column[string](t, c, all); len(tables) < 5 {
		t.Errorf("the only tables are %v", tables)
	}
}

func TestNothingDependsOnTheSearchPath(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	c := pgtest.Connect(t, url)
	pgtest.Execute(t, c, "ALTER DATABASE "+c.Config().Database+" SET search_path = pg_temp")
	m := migrator(t, url)
	if _, err := m.Up(t.Context()); err != nil {
		t.Error(err)
	}
}

// A number of 32 bits overflows after two billion. This lists the columns that have
// one, each with the reason why it can't overflow.
func TestIntegersAreBounded(t *testing.T) {
	t.Parallel()
	bounded := map[string]string{
		"plans.seats":                           "a constraint bounds it",
		"staging_plans.seats":                   "as plans.seats",
		"vocabulary.deletion_hashes":            "hashes of 32 bits",
		"engagement_organizations.next_ordinal": "counts the users that ever joined an organization; rollup_rebuild resets it",
		"engagement_members.ordinal":            "below next_ordinal",
		"engagement_leavers.ordinal":            "as engagement_members.ordinal",
		"engagement_days.chunk":                 "an ordinal by 512",
		"schema_migrations.id":                  "counts applied migrations",
	}
	found := pgtest.Column[string](t, pgtest.Connect(t, migrated(t)), `SELECT c.relname || '.' || a.attname FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int2[]'::regtype, 'int4[]'::regtype)`)
	for _, column := range found {
		if bounded[column] == "" {
			t.Errorf("%s is a number of 32 bits or fewer: use bigint, or say here what bounds it", column)
		}
	}
	if len(found) != len(bounded) {
		t.Errorf("only %v are numbers of 32 bits; remove the others from the list", found)
	}
}
