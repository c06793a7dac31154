package describe_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// reason gives why the only column of a statement can be NULL.
func reason(t *testing.T, conn *pgx.Conn, text string, values ...describe.Values) string {
	t.Helper()
	s, err := describe.New(conn).Statement(t.Context(), text, values...)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Columns) != 1 {
		t.Fatalf("%d columns", len(s.Columns))
	}
	return s.Columns[0].Null
}

// aroundNotNull are ways in which NULL gets past what a schema says.
var aroundNotNull = []struct {
	name          string
	since, before int // major versions
	prepare, text string
}{
	{"a child that dropped it", 0, 18, `
		CREATE TABLE parent (n int NOT NULL); CREATE TABLE child () INHERITS (parent);
		ALTER TABLE child ALTER n DROP NOT NULL; INSERT INTO child VALUES (NULL)`, "SELECT n FROM parent"},
	{"a child that did not inherit it", 18, 99, `
		CREATE TABLE parent (n int NOT NULL NO INHERIT); CREATE TABLE child () INHERITS (parent);
		INSERT INTO child VALUES (NULL)`, "SELECT n FROM parent"},
	{"rows from before it", 18, 99, `
		CREATE TABLE parent (n int); INSERT INTO parent VALUES (NULL);
		ALTER TABLE parent ADD CONSTRAINT n NOT NULL n NOT VALID`, "SELECT n FROM parent"},
	{
		"a rule", 0, 99, `
		CREATE TABLE parent (n int NOT NULL);
		CREATE RULE r AS ON INSERT TO parent DO INSTEAD INSERT INTO lib.shelf VALUES ('x', 'y') RETURNING NULL::int`,
		"INSERT INTO parent VALUES (1) RETURNING n",
	},
	{
		"an instead-of trigger", 0, 99, `
		CREATE VIEW parent AS SELECT 1 AS n;
		CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := NULL; RETURN NEW; END $$;
		CREATE TRIGGER t INSTEAD OF INSERT ON parent FOR EACH ROW EXECUTE FUNCTION f()`,
		"INSERT INTO parent VALUES (1) RETURNING n",
	},
	{
		"a trigger of a child", 0, 99, `
		CREATE TABLE parent (n int); CREATE TABLE child () INHERITS (parent); INSERT INTO child VALUES (1);
		CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := NULL; RETURN NEW; END $$;
		CREATE TRIGGER t BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION f()`,
		"UPDATE parent SET n = 1 RETURNING n",
	},
	{
		"a materialized view from before it", 0, 99, `
		CREATE TABLE parent (n int); INSERT INTO parent VALUES (NULL);
		CREATE MATERIALIZED VIEW old AS SELECT n FROM parent; DELETE FROM parent; ALTER TABLE parent ALTER n SET NOT NULL`,
		"SELECT n FROM old",
	},
	{
		"a strict function's name taken by another", 0, 99, `
		CREATE FUNCTION edge.lower(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT NULL::text'`,
		"SELECT edge.lower('X') AS n",
	},
	{
		"an operator of one's own", 0, 99, `
		CREATE FUNCTION edge.nothing(int, int) RETURNS int LANGUAGE sql AS 'SELECT NULL::int';
		CREATE OPERATOR edge.+ (FUNCTION = edge.nothing, LEFTARG = int, RIGHTARG = int)`,
		"SELECT 1 OPERATOR(edge.+) 1 AS n",
	},
	{
		"an aggregate of one's own", 0, 99, `
		CREATE FUNCTION edge.nothing(int, int) RETURNS int LANGUAGE sql AS 'SELECT NULL::int';
		CREATE AGGREGATE edge.max(int) (SFUNC = edge.nothing, STYPE = int)`,
		"SELECT edge.max(pages) AS n FROM lib.book GROUP BY id",
	},
}

func TestWaysAroundNotNull(t *testing.T) {
	onEachServer(t, func(t *testing.T, conn *pgx.Conn) {
		major := serverVersion(t, conn) / 10000
		for _, c := range aroundNotNull {
			if major < c.since || c.before != 0 && major >= c.before {
				continue
			}
			t.Run(c.name, func(t *testing.T) {
				execute(t, conn, "DROP SCHEMA IF EXISTS edge CASCADE; CREATE SCHEMA edge; SET search_path = edge; "+c.prepare)
				if why := reason(t, conn, c.text); why == "" {
					t.Error("it was said to be never NULL")
				}
				var isNull bool
				rows, err := conn.Query(t.Context(), c.text, pgx.QueryExecModeSimpleProtocol)
				if err != nil {
					t.Fatal(err)
				}
				for rows.Next() {
					isNull = isNull || rows.RawValues()[0] == nil
				}
				if rows.Err() != nil || !isNull {
					t.Errorf("the case proves nothing: it came back NULL: %v, %v", isNull, rows.Err())
				}
			})
		}
	})
}

// Nothing can be read from a wrapper without a handler, but it is analysed.
func TestForeignTablesDontEnforceTheirConstraints(t *testing.T) {
	conn := connect(t, library.Database(t))
	execute(t, conn, `
		CREATE FOREIGN DATA WRAPPER elsewhere; CREATE SERVER elsewhere FOREIGN DATA WRAPPER elsewhere;
		CREATE FOREIGN TABLE lib.far (n int NOT NULL) SERVER elsewhere;
		CREATE TABLE lib.near (n int NOT NULL);
		CREATE FOREIGN TABLE lib.child () INHERITS (lib.near) SERVER elsewhere`)
	for table, want := range map[string]string{
		"lib.far":  "lib.far is a foreign table, whose constraints are not enforced here",
		"lib.near": "lib.near.n is NOT NULL, but not in each table that inherits it, or not for rows from before",
	} {
		if why := reason(t, conn, "SELECT n FROM "+table); why != want {
			t.Errorf("%s: got %q", table, why)
		}
	}
}

func TestReasonsAreGiven(t *testing.T) {
	conn := connect(t, library.Database(t))
	for _, c := range []struct{ text, want string }{
		{"SELECT country FROM lib.author", "lib.author.country is not declared NOT NULL"},
		{"SELECT a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id", "the LEFT JOIN may find no row of lib.author a"},
		{"SELECT s.n FROM lib.book b LEFT JOIN (SELECT 1 AS n) s ON true", "the LEFT JOIN may find no row of s"},
		{"SELECT max(added) FROM lib.book", "max() over no rows"},
		{"SELECT max(price) FROM lib.book GROUP BY id", "max() over values that can all be NULL: lib.book.price is not declared NOT NULL"},
		{"SELECT CASE WHEN true THEN 1 END", "CASE without ELSE"},
		{"SELECT (SELECT 1 FROM lib.book)", "a subquery may find no row"},
		{"SELECT meta ->> 'k' FROM lib.book", "the operator ->> may return NULL"},
		{"SELECT lib.maybe(1)", "lib.maybe() may return NULL"},
		{"SELECT $1::int", "parameter $1 can be NULL"},
		{"SELECT title FROM lib.book GROUP BY ROLLUP (title)", "GROUP BY has sets without it"},
		{"SELECT label FROM lib.book", "lib.book.label is NOT NULL by its domain only, which an empty subquery gets past"},
		{"SELECT t FROM unnest(ARRAY[1], ARRAY[2]) u (t, x)", "of several sets the shorter are filled with NULLs"},
		{"SHOW work_mem", "the server doesn't analyse statements of this kind"},
		{"SELECT coalesce(price, author_id) FROM lib.book", "lib.book.author_id is not declared NOT NULL"},
		{"SELECT id FROM lib.snapshot", "the materialized view lib.snapshot keeps its rows from before the constraints of now"},
		{"SELECT a.id FROM lib.author a FULL JOIN lib.book b ON true", "the FULL JOIN may find no row of lib.author a"},
		{"SELECT v.author FROM lib.book_author v", "the LEFT JOIN may find no row of lib.author a"},
		{"SELECT sum(pages) FILTER (WHERE id > 1) FROM lib.book GROUP BY id", "sum() where FILTER lets no row pass"},
		{"SELECT sum(pages) OVER (ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM lib.book", "sum() over a window frame that may be empty"},
		{
			"INSERT INTO lib.author (id, name, country) VALUES (1, 'x', NULLIF('a', 'a')) RETURNING country",
			"lib.author.country is not declared NOT NULL",
		},
	} {
		if why := reason(t, conn, c.text); why != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.text, why, c.want)
		}
	}
}
