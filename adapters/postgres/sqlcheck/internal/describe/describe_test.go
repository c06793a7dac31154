package describe_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

func TestAStatementIsDescribed(t *testing.T) {
	conn := connect(t, library.Database(t))
	s, err := describe.New(conn).Statement(t.Context(), `
		UPDATE lib.book b SET title = $1, code = $2, mood = $3, label = $4, tags = $5 WHERE id = $6
		RETURNING b.id AS number, b.title, lower(b.title), b.code, b.mood, b.tags -- that's all
		;`, describe.Values{NotNull: true})
	if err != nil {
		t.Fatal(err)
	}
	type param struct{ typ, plain, column string }
	var params []param
	for _, p := range s.Params {
		params = append(params, param{p.Type.Name, p.Type.Plain().Name, p.Column})
	}
	if want := []param{
		{"text", "text", "lib.book.title"},
		{"lib.code", "text", ""},
		{"lib.mood", "lib.mood", ""},
		{"lib.label", "text", ""},
		{"text[]", "text[]", "lib.book.tags"},
		{"integer", "integer", ""},
	}; !reflect.DeepEqual(params, want) {
		t.Errorf("parameters %v", params)
	}
	type column struct {
		name, typ, table, origin string
		nullable                 bool
	}
	var columns []column
	for _, c := range s.Columns {
		columns = append(columns, column{c.Name, c.Type.Name, c.Table, c.Origin, c.Nullable()})
	}
	if want := []column{
		{"number", "integer", "lib.book", "id", false},
		{"title", "text", "lib.book", "title", false},
		{"lower", "text", "", "", false},
		{"code", "text", "lib.book", "code", true},
		{"mood", "lib.mood", "lib.book", "mood", true},
		{"tags", "text[]", "lib.book", "tags", false},
	}; !reflect.DeepEqual(columns, want) {
		t.Errorf("columns %v", columns)
	}
	if e := s.Columns[5].Type.Element; e == nil || e.Name != "text" {
		t.Errorf("the elements of an array are %v", e)
	}
}

func TestAnAnswerIsRemembered(t *testing.T) {
	conn := connect(t, library.Database(t))
	d := describe.New(conn)
	const text, refused = "SELECT title FROM lib.book WHERE id = coalesce($1, 1)", "SELECT headline FROM lib.book"
	first, err := d.Statement(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	_, fault := d.Statement(t.Context(), refused)
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again, err := d.Statement(t.Context(), text); err != nil || !reflect.DeepEqual(again, first) {
		t.Errorf("got %+v, %v; before %+v", again, err, first)
	}
	if _, err := d.Statement(t.Context(), refused); !errors.Is(err, fault) || err == nil {
		t.Errorf("got %v; before %v", err, fault)
	}
	for range 2 { // neither what is known of other values, nor a lost connection
		if _, err := d.Statement(t.Context(), text, describe.Values{NotNull: true}); err == nil {
			t.Error("a closed connection answers")
		}
	}
}

func TestDescribingLeavesNothingBehind(t *testing.T) {
	conn := connect(t, library.Database(t))
	d := describe.New(conn)
	for range 2 {
		if _, err := d.Statement(t.Context(), "INSERT INTO lib.author VALUES (9, 'x') RETURNING id"); err != nil {
			t.Fatal(err)
		}
	}
	var functions, rows int
	err := conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM pg_proc WHERE proname = 'sqlcheck_statement'),
		(SELECT count(*) FROM lib.author WHERE id = 9)`).Scan(&functions, &rows)
	if err != nil || functions != 0 || rows != 0 {
		t.Errorf("%d functions and %d rows, %v", functions, rows, err)
	}
	if conn.PgConn().TxStatus() != 'I' {
		t.Error("the transaction is open")
	}
}

func TestParametersThatAreWrittenToColumnsThatRefuseNull(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"an INSERT", "INSERT INTO lib.author (id, name, country) VALUES ($1, $2, $3)", []string{"lib.author.id", "lib.author.name", ""}},
		{"an INSERT of several rows", "INSERT INTO lib.author (id, name) VALUES (1, $1), ($2, '')", []string{"lib.author.name", "lib.author.id"}},
		{"an upsert", "INSERT INTO lib.author (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = $1", []string{"lib.author.name"}},
		{"a cast", "INSERT INTO lib.author (id, name) VALUES ($1::bigint, $2::varchar)", []string{"lib.author.id", "lib.author.name"}},
		{"a default for NULL", "INSERT INTO lib.author (id, name) VALUES (1, coalesce($1, 'x'))", []string{""}},
		{"a part of a statement", "WITH a AS (UPDATE lib.author SET name = $1) SELECT 1", []string{"lib.author.name"}},
		{"a trigger that may fill it", "INSERT INTO lib.audited (id) VALUES ($1)", []string{""}},
		{"a condition", "DELETE FROM lib.author WHERE name = $1", []string{""}},
	}
	d := describe.New(connect(t, library.Database(t)))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := d.Statement(t.Context(), c.text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range s.Params {
				got = append(got, p.Column)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestStatementsWithoutColumnsOrAnalysis(t *testing.T) {
	d := describe.New(connect(t, library.Database(t)))
	for _, text := range []string{"DELETE FROM lib.review", "LOCK TABLE lib.book", "TRUNCATE lib.review", "SELECT FROM lib.book"} {
		if s, err := d.Statement(t.Context(), text); err != nil || len(s.Columns) != 0 {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
}
