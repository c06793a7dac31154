package released_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/released"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// listed is a query with two texts, which have lines and arguments in common.
var listed = snapshot.Query{
	Name:   "orders.list",
	Params: []snapshot.Field{{Name: "Note", Go: "example.com/sqlcheck.Opt[string]"}, {Name: "Limit", Go: "int32"}},
	Row: snapshot.Row{Fields: []snapshot.Field{
		{Name: "ID", Go: "[16]uint8", Column: "id", Postgres: "uuid"},
		{Name: "Note", Go: "*string", Column: "note", Postgres: "text", Nullable: true},
	}},
	Statements: []snapshot.Statement{
		{
			Text: "SELECT id, note FROM shop.orders LIMIT $1", Plan: "a plan", Variants: []string{""},
			Args: []snapshot.Arg{{Field: "Limit", Postgres: "bigint"}},
		},
		{
			Text: "SELECT id, note FROM shop.orders WHERE note < $1 LIMIT $2", Variants: []string{"Note"},
			Args: []snapshot.Arg{{Field: "Note", Postgres: "text"}, {Field: "Limit", Postgres: "bigint"}},
		},
	},
}

var copied = snapshot.Query{
	Name:       "orders.copy",
	Row:        snapshot.Row{Fields: []snapshot.Field{{Name: "ID", Go: "[16]uint8", Column: "id", Postgres: "uuid"}}},
	Statements: []snapshot.Statement{{Text: `copy "shop"."orders" ( "id" ) from stdin binary;`, Variants: []string{""}}},
}

func written(t *testing.T) (r released.Release, folder, text string) {
	t.Helper()
	r = released.Release{
		Version: "v1.0.0", Postgres: "15", Migrations: []string{"00001_shop.sql"},
		Tables:  []released.Table{{Name: "shop.orders", Columns: []released.Column{{Name: "id", Type: "uuid", NotNull: true}}}},
		Queries: released.QueriesOf(map[string]snapshot.Query{"orders.list": listed, "orders.copy": copied}),
	}
	folder = filepath.Join(t.TempDir(), "released")
	if err := r.Write(folder); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(filepath.Join(folder, released.File))
	if err != nil {
		t.Fatal(err)
	}
	return r, folder, string(out)
}

func TestAReleaseIsReadAsItWasWritten(t *testing.T) {
	r, folder, text := written(t)
	got, err := released.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	got.Sum = ""
	if !reflect.DeepEqual(got, r) {
		t.Errorf("got %+v, not %+v", got, r)
	}
	list := got.Queries[1]
	if list.Statements[1].Text != string(listed.Statements[1].Text) || list.Statements[1].Args[0] != arg("Note", "string", "text") {
		t.Errorf("the second text is %+v", list.Statements[1])
	}
	if insert := got.Queries[0].Statements[0]; insert.Text != `INSERT INTO "shop"."orders" ( "id" ) VALUES ($1)` || len(insert.Args) != 1 {
		t.Errorf("the COPY is %+v", insert)
	}
	for part, times := range map[string]int{"SELECT id, note ": 1, "LIMIT $1": 1, `"field":"Limit"`: 1, "a plan": 0, "\n{": 3} {
		if n := strings.Count(text, part); n != times {
			t.Errorf("%q stands there %d times, not %d:\n%s", part, n, times, text)
		}
	}
}

func TestAnEditOfAReleaseIsFound(t *testing.T) {
	_, folder, text := written(t)
	path := filepath.Join(folder, released.File)
	for name, edited := range map[string]string{
		"another text":                 strings.Replace(text, "id, note", "id", 1),
		"a conflict":                   "<<<<<<< ours\n" + text,
		"a line that is not there":     strings.Replace(text, `"text":[0,1,`, `"text":[0,9,`, 1),
		"an argument that isn't there": strings.Replace(text, `"args":[0]`, `"args":[-1]`, 1),
	} {
		if edited == text {
			t.Fatalf("%s: nothing was edited in\n%s", name, text)
		}
		if err := os.WriteFile(path, []byte(edited), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := released.Read(folder); err == nil || !strings.Contains(err.Error(), "edited by hand") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	if _, err := released.Read(t.TempDir()); err == nil || !strings.Contains(err.Error(), "reading the last release") {
		t.Errorf("without a file the error is %v", err)
	}
}
