package describe_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// refusedStatements are what the server refuses, and what is made of it.
var refusedStatements = []struct {
	name, text   string
	kind         describe.Kind
	missing      string
	line, column int
	relations    []string // with their aliases
	message      string
}{
	{
		"a column", "SELECT titel FROM lib.book", describe.UndefinedColumn, "titel", 1, 8,
		[]string{"lib.book book"},
		`line 1, column 8: column "titel" does not exist (Perhaps you meant to reference the column "book.title".)`,
	},
	{
		"a column of one of two", "SELECT b.title,\n  a.nome FROM lib.book b\nJOIN lib.author AS a ON a.id = b.author_id",
		describe.UndefinedColumn, "a.nome", 2, 3,
		[]string{"lib.author a"},
		`line 2, column 3: column a.nome does not exist (Perhaps you meant to reference the column "a.name".)`,
	},
	{
		"a column that could be of either", "SELECT 'é', nome FROM lib.book b, lib.author", describe.UndefinedColumn, "nome", 1, 13,
		[]string{"lib.book b", "lib.author author"},
		`line 1, column 13: column "nome" does not exist (Perhaps you meant to reference the column "author.name".)`,
	},
	{
		"a column that is written", "INSERT INTO lib.author (id, nome) VALUES (1, '')", describe.UndefinedColumn, "nome", 1, 29,
		[]string{"lib.author author"},
		`line 1, column 29: column "nome" of relation "author" does not exist`,
	},
	{
		"a column that is set", `UPDATE lib.author SET "Name" = '' WHERE id = 1`, describe.UndefinedColumn, "Name", 1, 23,
		[]string{"lib.author author"},
		`line 1, column 23: column "Name" of relation "author" does not exist`,
	},
	{
		"a table", "SELECT 1 FROM lib.books JOIN lib.author ON true", describe.UndefinedTable, "lib.books", 1, 15,
		[]string{"lib.author author"},
		`line 1, column 15: relation "lib.books" does not exist`,
	},
	{
		"a function", "SELECT lib.perhaps(1)", describe.UndefinedFunction, "", 1, 8, nil,
		"line 1, column 8: function lib.perhaps(integer) does not exist " +
			"(No function matches the given name and argument types. You might need to add explicit type casts.)",
	},
	{
		"a type", "INSERT INTO lib.author (id, name) VALUES ('2020-01-01'::date, '')", describe.TypeMismatch, "", 1, 43, nil,
		`line 1, column 43: column "id" is of type integer but expression is of type date (You will need to rewrite or cast the expression.)`,
	},
	{"the syntax", "SELECT FROM WHERE", describe.Syntax, "", 1, 13, nil, `line 1, column 13: syntax error at or near "WHERE"`},
	{
		"anything else", "SELECT 1 FROM lib.book GROUP BY title HAVING pages > 1", describe.Other, "", 1, 46, nil,
		`line 1, column 46: column "book.pages" must appear in the GROUP BY clause or be used in an aggregate function`,
	},
}

func TestRefusedStatements(t *testing.T) {
	d := describe.New(connect(t, library.Database(t)))
	for _, c := range refusedStatements {
		t.Run(c.name, func(t *testing.T) {
			_, err := d.Statement(t.Context(), c.text)
			e := (*describe.Error)(nil)
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			if pg := (*pgconn.PgError)(nil); !errors.As(err, &pg) {
				t.Error("the server's error is lost")
			}
			if e.Kind != c.kind || e.Name != c.missing || e.Line != c.line || e.Column != c.column {
				t.Errorf("got %s of %q at %d:%d", e.Kind, e.Name, e.Line, e.Column)
			}
			var relations []string
			for _, r := range e.Relations {
				relations = append(relations, r.Name+" "+r.Alias)
			}
			if !slices.Equal(relations, c.relations) {
				t.Errorf("got %q", relations)
			}
			if e.Error() != c.message {
				t.Errorf("got %s", e)
			}
		})
	}
}

func TestTheColumnsOfNamedRelationsAreListed(t *testing.T) {
	d := describe.New(connect(t, library.Database(t)))
	_, err := d.Statement(t.Context(), "SELECT nome FROM lib.author")
	e := (*describe.Error)(nil)
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := []string{"id", "name", "country", "born"}
	if len(e.Relations) != 1 || !slices.Equal(e.Relations[0].Columns, want) {
		t.Errorf("got %v", e.Relations)
	}
}
