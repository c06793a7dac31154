package describe_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

func TestWhatAStatementUses(t *testing.T) {
	conn := connect(t, library.Database(t))
	d := describe.New(conn)
	for _, c := range []struct{ name, text, want string }{
		{
			"what is read, sorted by and compared", "SELECT b.title FROM lib.book b JOIN lib.author a ON a.id = b.author_id ORDER BY b.added",
			"[{lib.author id} {lib.book added} {lib.book author_id} {lib.book title}] []",
		},
		{
			"what is written", "UPDATE lib.author SET country = $1 WHERE false", "[{lib.author country}] []",
		},
		{
			"an INSERT in a CTE, and one that names all columns", `WITH w AS (INSERT INTO lib.author (id, name) VALUES (9, 'x') RETURNING id)
			INSERT INTO lib.shelf SELECT 'x', 'y' FROM w`,
			"[{lib.author id} {lib.author name} {lib.shelf code} {lib.shelf place}] [{lib.shelf [code place]} {lib.author [id name]}]",
		},
		{
			"an INSERT of a MERGE", `MERGE INTO lib.author a USING lib.shelf s ON a.name = s.code
			WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT (id, name) VALUES (9, s.code)`,
			"[{lib.author name} {lib.shelf code}] [{lib.author [id name]}]",
		},
		{"a view", "SELECT author FROM lib.book_known", "[{lib.book_known author}] []"},
		{"nothing of the database", "SELECT relname FROM pg_class", "[] []"},
	} {
		u, err := d.Uses(t.Context(), c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := fmt.Sprint(u.Columns, u.Inserts); got != c.want || !u.Analysed {
			t.Errorf("%s: %s, analysed %t", c.name, got, u.Analysed)
		}
	}
	if u, err := d.Uses(t.Context(), "ANALYZE lib.author"); err != nil || u.Analysed {
		t.Errorf("a utility statement: %+v, %v", u, err)
	}
	if _, err := d.Uses(t.Context(), "SELECT titel FROM lib.book"); !errors.As(err, new(*describe.Error)) {
		t.Errorf("what the server refuses: %v", err)
	}
}
