package schema_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

func migrations(t *testing.T, texts ...string) []schema.Migration {
	t.Helper()
	dir := t.TempDir()
	for i, text := range texts {
		name := filepath.Join(dir, "0000"+string(rune('1'+i))+"_x.sql")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := schema.Migrations(dir)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestChangesAreFoundInMigrations(t *testing.T) {
	const file = "00001_x.sql"
	cases := []struct {
		name, text string
		want       []schema.Change
	}{
		{"a rename", "ALTER TABLE shop.users RENAME COLUMN email TO address;", []schema.Change{{file, "shop.users", "email", "address"}}},
		{"without the word COLUMN", "alter table only users rename email to address", []schema.Change{{file, "users", "email", "address"}}},
		{"quoted names", `ALTER TABLE IF EXISTS "Users" RENAME "E" TO "F"`, []schema.Change{{file, "Users", "E", "F"}}},
		{"names are folded", `ALTER TABLE Users RENAME Email TO Address`, []schema.Change{{file, "users", "email", "address"}}},
		{
			"drops",
			"ALTER TABLE users DROP COLUMN IF EXISTS a, ADD b int, DROP c",
			[]schema.Change{{file, "users", "a", ""}, {file, "users", "c", ""}},
		},
		{
			"no column",
			"ALTER TABLE users DROP CONSTRAINT a, ALTER b DROP NOT NULL, ALTER c DROP DEFAULT; ALTER TABLE users RENAME TO people",
			nil,
		},
		{"comments", "-- ALTER TABLE users DROP a;\n/* ALTER TABLE users DROP b; */", nil},
		{"the way down", "-- +goose Up\n-- +goose Down\nALTER TABLE users DROP a", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := migrations(t, c.text)[0].Changes(); !slices.Equal(got, c.want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func users(columns ...schema.Column) []schema.Table {
	return []schema.Table{{Schema: "shop", Name: "users", Columns: columns}}
}

func TestTheCauseIsTheMigrationThatSaysSoOrTheLikeliestColumn(t *testing.T) {
	text := func(name string) schema.Column { return schema.Column{Name: name, Type: "text"} }
	before := users(text("email"), text("name"))
	cases := []struct {
		name    string
		before  []schema.Table
		removed []schema.RemovedColumn
		now     []schema.Table
		texts   []string
		want    schema.Cause
	}{
		{
			"a rename",
			nil,
			nil,
			users(),
			[]string{"", "ALTER TABLE shop.users RENAME email TO address"},
			schema.Cause{File: "00002_x.sql", NewName: "address", Certain: true},
		},
		{
			"a new column of the type",
			before,
			nil,
			users(text("name"), text("phone"), text("email_address")),
			[]string{"", "ALTER TABLE shop.users ADD email_address text", "ALTER TABLE shop.users DROP email"},
			schema.Cause{File: "00002_x.sql", NewName: "email_address"},
		},
		{
			"a new column of another type",
			before,
			nil,
			users(text("name"), schema.Column{Name: "email_id", Type: "uuid"}),
			[]string{"ALTER TABLE shop.users DROP email"},
			schema.Cause{File: "00001_x.sql", Certain: true},
		},
		{
			"one that was removed earlier",
			users(text("name"), text("mail")),
			[]schema.RemovedColumn{{"shop", "users", text("email")}},
			users(text("name"), text("mail")),
			[]string{"ALTER TABLE shop.users ADD mail text"},
			schema.Cause{File: "00001_x.sql", NewName: "mail"},
		},
		{"another table's rename", before, nil, users(text("name")), []string{"ALTER TABLE shop.people RENAME email TO address"}, schema.Cause{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := schema.History{Now: schema.Schema{Tables: c.now}, Before: c.before, Removed: c.removed, Migrations: migrations(t, c.texts...)}
			got, ok := h.Cause("shop.users", "email")
			if got != c.want || ok != (c.want != schema.Cause{}) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestRemovedColumnsAreThoseThatAreNotThere(t *testing.T) {
	a, b := schema.Column{Name: "a", Type: "text"}, schema.Column{Name: "b", Type: "text"}
	got := schema.RemovedColumns(users(a, b), schema.Schema{Tables: users(b)})
	if want := []schema.RemovedColumn{{"shop", "users", a}}; !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := schema.RemovedColumns(users(a), schema.Schema{}); len(got) != 1 || got[0].FullTable() != "shop.users" {
		t.Errorf("of a table that is gone: %+v", got)
	}
}

func TestMigrationsThatAreNotThereAreAnError(t *testing.T) {
	if _, err := schema.Migrations(t.TempDir()); err == nil {
		t.Error("an empty folder is no error")
	}
}
