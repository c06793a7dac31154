package tool

import (
	"bytes"
	"os"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

const (
	describedSchema = "CREATE TABLE books (isbn text PRIMARY KEY, title text NOT NULL, subtitle text);\n"
	describedFile   = `-- name: ListBooks :many
SELECT isbn, max(subtitle) AS last FROM books WHERE title = @title GROUP BY isbn;
INSERT INTO books (isbn, title) VALUES ($1, $2)
`
)

func TestDescribeSaysWhatStatementsTakeAndGive(t *testing.T) {
	var empty pgtest.Template
	server := empty.Database(t)
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	described := func(want int, args ...string) string {
		var out, errs bytes.Buffer
		if got := Main(t.Context(), append([]string{"describe", "-database", server}, args...), &out, &errs, start); got != want {
			t.Errorf("%q: exit status %d: %s", args, got, errs.String())
		}
		return out.String() + errs.String()
	}
	write("schema.sql", describedSchema)
	write("books.sql", describedFile)
	const table = `books.sql:2: ListBooks
  $1    text  @title
  isbn  text  never NULL
  last  text  can be NULL: max() over values that can all be NULL: public.books.subtitle is not declared NOT NULL
books.sql:3:
  $1  text  written to public.books.isbn, which refuses NULL
  $2  text  written to public.books.title, which refuses NULL
`
	if got := described(allWell, "-schema", "schema.sql", "books.sql"); got != table {
		t.Errorf("got %s", got)
	}
	has(t, "JSON", described(allWell, "-schema", "schema.sql", "-json", "books.sql"),
		`{"file":"books.sql","line":2,"name":"ListBooks","parameters":[{"name":"title","type":"text"}],`+
			`"columns":[{"name":"isbn","type":"text","nullable":false,"origin":"public.books.isbn"},`+
			`{"name":"last","type":"text","nullable":true,"why":"max() over values that can all be NULL: `+
			`public.books.subtitle is not declared NOT NULL"}],"text":"SELECT isbn, max(subtitle)`)
	write("wrong.sql", "SELECT isbn\nFROM books\nWHERE name = 'x';\nSELECT $1 <@b;\nSELECT a <@b")
	const refused = "wrong.sql:3: column \"name\" does not exist\nwrong.sql:4: column \"b\" does not exist\n" +
		"wrong.sql:5: \"<@b\" may be the operator <@ or a parameter: write a space before @b, or behind the operator\n"
	if got := described(findings, "-schema", "schema.sql", "wrong.sql"); got != refused {
		t.Errorf("got %s", got)
	}
	has(t, "without a schema", described(failed, "books.sql"), "name a dump or a folder of migrations with -schema")
	write("sqlcheck.json", `{"migrations": "schema.sql"}`)
	if got := described(allWell, "books.sql"); got != table {
		t.Errorf("with a configuration: got %s", got)
	}
	has(t, "no file", described(failed), "missing file: name one")
}
