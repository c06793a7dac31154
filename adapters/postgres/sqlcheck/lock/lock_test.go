package lock_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
)

func TestATextSurvivesItsLines(t *testing.T) {
	words := rapid.SampledFrom([]string{" ", "\n", "SELECT a", " FROM ", " WHERE", "FROMAGE", " AND b = $1", "<'>&\"", " LEFT JOIN x", "é", "\t"})
	rapid.Check(t, func(t *rapid.T) {
		text := lock.Text(strings.Join(rapid.SliceOf(words).Draw(t, "words"), ""))
		out, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back lock.Text
		if err := json.Unmarshal(out, &back); err != nil {
			t.Fatal(err)
		}
		if back != text {
			t.Errorf("%q came back as %q by %s", text, back, out)
		}
	})
}

func TestATextIsBrokenAtItsClauses(t *testing.T) {
	out, err := json.Marshal(lock.Text("SELECT a, b FROM t WHERE a = $1 AND b IS NULL ORDER BY a LIMIT $2"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `["SELECT a, b ","FROM t ","WHERE a = $1 ","AND b IS NULL ","ORDER BY a ","LIMIT $2"]`
	if string(out) != want {
		t.Errorf("got %s", out)
	}
}

func example() lock.Query {
	return lock.Query{
		Name:   "users.find",
		Params: []lock.Field{{Name: "ID", Go: "[16]uint8"}},
		Row: lock.Row{Package: "example.com/store", Type: "user", Flat: true, Fields: []lock.Field{
			{Name: "Email", Go: "string", Column: "email", Postgres: "text"},
		}},
		Statements: []lock.Statement{
			{Variants: []string{"", "Sort=a"}, Text: "SELECT email FROM users WHERE id = $1", Args: []lock.Arg{{Field: "ID", Postgres: "uuid"}}},
		},
	}
}

func folder(t *testing.T, queries ...lock.Query) lock.Folder {
	t.Helper()
	f := lock.Folder{
		Path:    filepath.Join(t.TempDir(), "locks"),
		Schema:  lock.Schema{Postgres: "15", Tables: []schema.Table{{Schema: "shop", Name: "users"}}},
		Queries: map[string]lock.Query{},
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
	f, err := lock.Read(folder(t, example()).Path)
	if err != nil || len(f.Faults) > 0 {
		t.Fatal(err, f.Faults)
	}
	if f.Schema.Postgres != "15" || len(f.Schema.Tables) != 1 || f.Schema.Tables[0].FullName() != "shop.users" {
		t.Errorf("the schema is %+v", f.Schema)
	}
	got := f.Queries["users.find"]
	if what := lock.Differs(example(), got); what != "" {
		t.Error(what)
	}
	if got.Variants() != 2 || got.Statements[0].Args[0].Postgres != "uuid" || got.Row.Fields[0].Postgres != "text" {
		t.Errorf("got %+v", got)
	}
}

func TestWritingRemovesTheLocksOfOthers(t *testing.T) {
	f := folder(t, example())
	delete(f.Queries, "users.find")
	if err := f.Write(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.File("users.find")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the lock is still there: %v", err)
	}
	if _, err := os.Stat(f.SchemaFile()); err != nil {
		t.Error(err)
	}
}

func TestALockThatIsNotAsItWasWrittenIsAFault(t *testing.T) {
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
			again, err := lock.Read(f.Path)
			if err != nil {
				t.Fatal(err)
			}
			if fault := again.Faults[f.File("users.find")]; !errors.Is(fault, lock.ErrEdited) || len(again.Faults) != 1 {
				t.Errorf("the faults are %v", again.Faults)
			}
		})
	}
}

func TestAFolderThatIsNotThereLacksItsSchema(t *testing.T) {
	f, err := lock.Read(filepath.Join(t.TempDir(), "locks"))
	if err != nil || len(f.Queries) > 0 || f.Faults[f.SchemaFile()] == nil {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestDifferencesAreToldInWords(t *testing.T) {
	for want, change := range map[string]func(*lock.Query){
		"": func(q *lock.Query) { // what only a database knows
			q.Row.Fields[0].Postgres, q.Row.Fields[0].Nullable, q.Statements[0].Args[0].Postgres = "", true, ""
			q.Problems = []string{"x"}
		},
		"the statement's text changed":                        func(q *lock.Query) { q.Statements[0].Text += " FOR UPDATE"; q.Statements[0].Variants = []string{""} },
		"the statement's text changed in the variants Sort=b": func(q *lock.Query) { q.Statements[0].Variants = []string{"", "Sort=a", "Sort=b"} },
		"the parameters changed":                              func(q *lock.Query) { q.Params[0].Go = "string" },
		"the row's type changed":                              func(q *lock.Query) { q.Row.Type = "person" },
		"the row's fields changed: Mail string":               func(q *lock.Query) { q.Row.Fields[0].Name = "Mail" },
		"the arguments changed":                               func(q *lock.Query) { q.Statements[0].Args[0].Field = "Other" },
	} {
		q := example()
		change(&q)
		if got := lock.Differs(q, example()); got != want {
			t.Errorf("got %q, not %q", got, want)
		}
	}
}
