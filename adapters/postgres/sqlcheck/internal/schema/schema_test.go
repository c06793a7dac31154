package schema_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

func source(t *testing.T, text string) schema.Source {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "00001_x.sql"), []byte("-- +goose Up\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	return schema.Source{Path: dir}
}

func read(t *testing.T, from schema.Source) schema.Schema {
	t.Helper()
	var empty pgtest.Template
	scratch, err := schema.NewScratch(t.Context(), empty.Database(t), from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := scratch.Drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s, err := schema.Read(t.Context(), scratch.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASchemaIsReadAsTheMigrationsMakeIt(t *testing.T) {
	s := read(t, source(t, `CREATE SCHEMA shop;
		CREATE TABLE shop.orders (id uuid NOT NULL, note varchar(20), gone int, at date NOT NULL) PARTITION BY RANGE (at);
		CREATE TABLE shop.orders_1 PARTITION OF shop.orders DEFAULT;
		ALTER TABLE shop.orders DROP COLUMN gone;
		CREATE VIEW shop.notes AS SELECT note FROM shop.orders;`))
	if len(s.Tables) != 2 || s.Postgres == "" {
		t.Fatalf("got %+v", s)
	}
	orders, ok := s.Table("shop.orders")
	if !ok || len(orders.Columns) != 3 {
		t.Errorf("got %+v", orders)
	}
	if c, _ := orders.Column("id"); c != (schema.Column{Name: "id", Type: "uuid"}) {
		t.Errorf("got %+v", c)
	}
	if c, _ := orders.Column("note"); c != (schema.Column{Name: "note", Type: "character varying(20)", Nullable: true}) {
		t.Errorf("got %+v", c)
	}
	if _, ok := s.Table("shop.orders_1"); ok {
		t.Error("a partition is a table of its own")
	}
}

func TestTheTableOfVersionsIsPartOfTheSchemaIfAsked(t *testing.T) {
	from := source(t, "SELECT 1;")
	if s := read(t, from); len(s.Tables) > 0 {
		t.Errorf("got %+v", s.Tables)
	}
	from.Versions = "shop.versions"
	if _, ok := read(t, from).Table("shop.versions"); !ok {
		t.Error("it is not there")
	}
}

func TestWhatFailsIsNamed(t *testing.T) {
	var empty pgtest.Template
	server := empty.Database(t)
	versioned := source(t, "")
	versioned.Versions = "pg_x.y"
	cases := []struct {
		name, server string
		from         schema.Source
		want         string
	}{
		{"a migration", server, source(t, "SELECT 1 FROM nothing;"), "00001_x.sql: "},
		{"an empty folder", server, schema.Source{Path: t.TempDir()}, "reading the migrations in "},
		{"a version table's schema", server, versioned, "making the schema of pg_x.y"},
		{"an address", "nowhere", source(t, ""), "not of the form postgres://"},
		{"no server", "postgres://localhost:1/x", source(t, ""), "making a database to check on"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := schema.NewScratch(t.Context(), c.server, c.from); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
