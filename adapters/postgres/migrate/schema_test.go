package migrate_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dump is the schema as pg_dump of the server's own version prints it.
func dump(t *testing.T, url string) string {
	t.Helper()
	folder := list[string](t, connect(t, url), "SELECT setting FROM pg_config WHERE name = 'BINDIR'")[0]
	out, err := exec.CommandContext(t.Context(), filepath.Join(folder, "pg_dump"), "--schema-only", "--no-owner", url).CombinedOutput()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, out)
	}
	// Newer releases put a random key on the first and last lines.
	return regexp.MustCompile(`(?m)^\\(un)?restrict .*$`).ReplaceAllString(string(out), "")
}

func TestUpDownUpLeavesTheSameSchema(t *testing.T) {
	url := migrated(t)
	m := migrator(t, url)
	up := dump(t, url)
	for range files(t) {
		if _, err := m.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	left := list[string](t, connect(t, url), `SELECT relname FROM pg_class WHERE relnamespace = 'roster'::regnamespace AND relname NOT LIKE 'schema\_migrations%'
		UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'roster'::regnamespace`)
	if len(left) > 0 {
		t.Errorf("after all the way down there is %v", left)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := dump(t, url)
	if up != again {
		t.Errorf("the schema was\n%s\nand is\n%s", up, again)
	}
	if !strings.Contains(up, "CREATE TABLE roster.users") {
		t.Errorf("pg_dump printed no table: %s", up)
	}
}

func TestEachThingHasAComment(t *testing.T) {
	c := connect(t, migrated(t))
	for thing, query := range map[string]string{
		"table": `SELECT c.relname FROM pg_class c
			WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
			AND obj_description(c.oid, 'pg_class') IS NULL`,
		"column": `SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
			AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL`,
		"function": `SELECT p.proname FROM pg_proc p
			WHERE p.pronamespace = 'roster'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL`,
	} {
		if bare := list[string](t, c, query); len(bare) > 0 {
			t.Errorf("%s without a comment: %s", thing, strings.Join(bare, ", "))
		}
	}
	if tables := list[string](t, c, "SELECT relname FROM pg_class WHERE relnamespace = 'roster'::regnamespace AND relkind = 'r'"); len(tables) < 5 {
		t.Errorf("only %v was looked at", tables)
	}
}

func TestNothingDependsOnTheSearchPath(t *testing.T) {
	url := empty.Database(t)
	c := connect(t, url)
	execute(t, c, "ALTER DATABASE "+c.Config().Database+" SET search_path = pg_temp")
	m := migrator(t, url)
	if _, err := m.Up(t.Context()); err != nil {
		t.Error(err)
	}
}
