package schema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

// folder writes files to a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// dumped is what pg_dump --schema-only writes, in short.
const dumped = `--
-- PostgreSQL database dump
--

\restrict K3x

SET statement_timeout = 0;
SET a_setting_of_a_newer_server = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA public;
CREATE SCHEMA shop;
ALTER SCHEMA shop OWNER TO nobody_here;
CREATE FUNCTION shop.twice(n integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT (n * 2);
END;
CREATE TABLE shop.orders (
    id uuid NOT NULL,
    note text DEFAULT ';'::text
);
ALTER TABLE shop.orders OWNER TO nobody_here;
GRANT SELECT ON TABLE shop.orders TO nobody_here;
ALTER DEFAULT PRIVILEGES FOR ROLE nobody_here IN SCHEMA shop GRANT SELECT ON TABLES TO nobody_here;

\unrestrict K3x
`

func TestEachKindOfMigrationsIsApplied(t *testing.T) {
	const create, add = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id uuid NOT NULL);", "ALTER TABLE shop.orders ADD note text;"
	dir := folder(t, map[string]string{"schema.sql": dumped})
	for name, from := range map[string]schema.Source{
		"golang-migrate": {Path: folder(t, map[string]string{
			"9_orders.up.sql": create, "9_orders.down.sql": "DROP SCHEMA shop;",
			"10_note.up.sql": add, "10_note.down.sql": "ALTER TABLE shop.orders DROP note;",
		})},
		"plain files": {Path: folder(t, map[string]string{"001.sql": create, "002.sql": add})},
		"goose": {Path: folder(t, map[string]string{
			"1_orders.sql": "-- +goose Up\n" + create + add + "\n-- +goose Down\nDROP SCHEMA shop CASCADE;",
		})},
		"a dump": {Path: filepath.Join(dir, "schema.sql")},
	} {
		t.Run(name, func(t *testing.T) {
			orders, ok := read(t, from).Table("shop.orders")
			if !ok || len(orders.Columns) != 2 {
				t.Errorf("got %+v", orders)
			}
		})
	}
}

func TestACommandGetsTheDatabase(t *testing.T) {
	dir := t.TempDir()
	from := schema.Source{Path: "unread", Dir: dir, Command: []string{"sh", "-c", `printf '%s' "$DATABASE_URL" > address`}}
	if s := read(t, from); len(s.Tables) > 0 {
		t.Errorf("got %+v", s.Tables)
	}
	address, err := os.ReadFile(filepath.Join(dir, "address"))
	if err != nil || !strings.Contains(string(address), "/sqlcheck_") {
		t.Errorf("got %q, %v", address, err)
	}
}

func TestOnlyTheWayUpIsRead(t *testing.T) {
	all, err := schema.Migrations(folder(t, map[string]string{"2_b.up.sql": "", "2_b.down.sql": "", "10_a.up.sql": ""}))
	if err != nil || len(all) != 2 || all[0].File != "2_b.up.sql" || all[1].File != "10_a.up.sql" {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestTheLineOfAWrongStatementIsNamed(t *testing.T) {
	var empty pgtest.Template
	for text, want := range map[string]string{
		"CREATE TABLE a (b int);\n\nSELECT 1\nFROM nothing;":                            "1.sql:4: ",
		"SELECT 'no error at a place'::text;\nDO $$ BEGIN RAISE EXCEPTION 'no'; END $$": "1.sql:1: ",
	} {
		_, err := schema.NewScratch(t.Context(), empty.Database(t), schema.Source{Path: folder(t, map[string]string{"1.sql": text})})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
	for text, want := range map[string]string{
		"SELECT 1;\n\nSELECT 1\nFROM nothing;":      "schema.sql:4: ",
		"SELECT 1;\nCOPY a (b) FROM stdin;\n1\n\\.": "schema.sql:2: the dump holds rows: write it with pg_dump --schema-only",
	} {
		path := filepath.Join(folder(t, map[string]string{"schema.sql": text}), "schema.sql")
		_, err := schema.NewScratch(t.Context(), empty.Database(t), schema.Source{Path: path})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
	_, err := schema.NewScratch(t.Context(), empty.Database(t), schema.Source{Command: []string{"sh", "-c", "echo it is broken; exit 3"}})
	if err == nil || !strings.Contains(err.Error(), "echo it is broken; exit 3: exit status 3: it is broken") {
		t.Errorf("got %v", err)
	}
}
