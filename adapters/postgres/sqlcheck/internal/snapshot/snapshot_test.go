package snapshot_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

func TestATextSurvivesItsLines(t *testing.T) {
	words := rapid.SampledFrom(
		[]string{" ", "\n", "SELECT a", " FROM ", " WHERE", "FROMAGE", " AND b = $1", "<'>&\"", " LEFT JOIN x", "é", "\t"},
	)
	rapid.Check(t, func(t *rapid.T) {
		text := snapshot.Text(strings.Join(rapid.SliceOf(words).Draw(t, "words"), ""))
		out, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back snapshot.Text
		if err := json.Unmarshal(out, &back); err != nil {
			t.Fatal(err)
		}
		if back != text {
			t.Errorf("%q came back as %q by %s", text, back, out)
		}
	})
}

func TestATextIsBrokenAtItsClauses(t *testing.T) {
	out, err := json.Marshal(snapshot.Text("SELECT a, b FROM t WHERE a = $1 AND b IS NULL ORDER BY a LIMIT $2"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `["SELECT a, b ","FROM t ","WHERE a = $1 ","AND b IS NULL ","ORDER BY a ","LIMIT $2"]`
	if string(out) != want {
		t.Errorf("got %s", out)
	}
}

func example() snapshot.Query {
	return snapshot.Query{
		Name:   "users.find",
		Params: []snapshot.Field{{Name: "ID", Go: "[16]uint8"}},
		Row: snapshot.Row{Package: "example.com/store", Type: "user", Flat: true, Fields: []snapshot.Field{
			{Name: "Email", Go: "string", Column: "email", Postgres: "text"},
		}},
		Statements: []snapshot.Statement{
			{Variants: []string{"", "Sort=a"}, Text: "SELECT email FROM users WHERE id = $1", Args: []snapshot.Arg{{Field: "ID", Postgres: "uuid"}}},
		},
	}
}

func folder(t *testing.T, queries ...snapshot.Query) snapshot.Folder {
	t.Helper()
	f := snapshot.Folder{
		Path:    filepath.Join(t.TempDir(), "snapshots"),
		Schema:  snapshot.Schema{Postgres: "15", Tables: []schema.Table{{Schema: "shop", Name: "users"}}},
		Queries: map[string]snapshot.Query{},
	}
	for _, q := range queries {
		f.Queries[q.Name] = q
	}
	if err := f.Write(); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFolderIsReadAsItWasWritten(t *testing.T) {
	f, err := snapshot.Read(folder(t, example()).Path)
	if err != nil || len(f.Faults) > 0 {
		t.Fatal(err, f.Faults)
	}
	if f.Schema.Postgres != "15" || len(f.Schema.Tables) != 1 || f.Schema.Tables[0].FullName() != "shop.users" {
		t.Errorf("the schema is %+v", f.Schema)
	}
	got := f.Queries["users.find"]
	if what := snapshot.Differs(example(), got); what != "" {
		t.Error(what)
	}
	if got.Variants() != 2 || got.Statements[0].Args[0].Postgres != "uuid" || got.Row.Fields[0].Postgres != "text" {
		t.Errorf("got %+v", got)
	}
}

func TestWritingRemovesTheSnapshotsOfOthers(t *testing.T) {
	f := folder(t, example())
	delete(f.Queries, "users.find")
	if err := f.Write(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.File("users.find")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the snapshot is still there: %v", err)
	}
	if _, err := os.Stat(f.SchemaFile()); err != nil {
		t.Error(err)
	}
}

func TestASnapshotThatIsNotAsItWasWrittenIsAFault(t *testing.T) {
	for name, change := range map[string]*strings.Replacer{
		"a value":      strings.NewReplacer("uuid", "text"),
		"the sum":      strings.NewReplacer(`"sum": "`, `"sum": "0`),
		"a space":      strings.NewReplacer("  ", " "),
		"a field more": strings.NewReplacer(`"query"`, `"more": 1, "query"`),
		"the end":      strings.NewReplacer("}", ""),
	} {
		t.Run(name, func(t *testing.T) {
			f := folder(t, example())
			text, err := os.ReadFile(f.File("users.find"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f.File("users.find"), []byte(change.Replace(string(text))), 0o600); err != nil {
				t.Fatal(err)
			}
			again, err := snapshot.Read(f.Path)
			if err != nil {
				t.Fatal(err)
			}
			if fault := again.Faults[f.File("users.find")]; !errors.Is(fault, snapshot.ErrEdited) || len(again.Faults) != 1 {
				t.Errorf("the faults are %v", again.Faults)
			}
		})
	}
}

func TestAFolderThatIsNotThereLacksItsSchema(t *testing.T) {
	f, err := snapshot.Read(filepath.Join(t.TempDir(), "snapshots"))
	if err != nil || len(f.Queries) > 0 || f.Faults[f.SchemaFile()] == nil {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestDifferencesAreToldInWords(t *testing.T) {
	for want, change := range map[string]func(*snapshot.Query){
		"": func(q *snapshot.Query) { // what only a database knows
			q.Row.Fields[0].Postgres, q.Row.Fields[0].Nullable, q.Statements[0].Args[0].Postgres = "", true, ""
			q.Problems = []string{"x"}
		},
		"the statement's text changed": func(q *snapshot.Query) {
			q.Statements[0].Text += " FOR UPDATE"
			q.Statements[0].Variants = []string{""}
		},
		"the statement's text changed in the variants Sort=b": func(q *snapshot.Query) {
			q.Statements[0].Variants = []string{"", "Sort=a", "Sort=b"}
		},
		"the parameters changed":                func(q *snapshot.Query) { q.Params[0].Go = "string" },
		"the row's type changed":                func(q *snapshot.Query) { q.Row.Type = "person" },
		"the row's fields changed: Mail string": func(q *snapshot.Query) { q.Row.Fields[0].Name = "Mail" },
		"the arguments changed":                 func(q *snapshot.Query) { q.Statements[0].Args[0].Field = "Other" },
	} {
		q := example()
		change(&q)
		if got := snapshot.Differs(q, example()); got != want {
			t.Errorf("got %q, not %q", got, want)
		}
	}
}
