package released_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/released"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

const schema = `
	CREATE SCHEMA shop;
	CREATE FUNCTION shop.fold(text) RETURNS text IMMUTABLE STRICT LANGUAGE sql AS $$ SELECT lower($1) $$;
	CREATE TABLE shop.orders (
		id uuid PRIMARY KEY,
		email varchar(40) NOT NULL CHECK (length(email) < 30),
		note text,
		state text NOT NULL DEFAULT 'new',
		total int NOT NULL,
		hidden text
	);
	CREATE UNIQUE INDEX orders_email ON shop.orders (email);
	CREATE VIEW shop.notes AS SELECT id, note FROM shop.orders;
	CREATE TABLE shop.staging (line bigint NOT NULL, note text)`

var shop = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, schema, pgx.QueryExecModeSimpleProtocol)
	return err
})

func arg(field, goType, postgres string) released.Arg {
	return released.Arg{Field: field, Go: goType, Postgres: postgres}
}

func query(name, text string, results []released.Result, args ...released.Arg) released.Query {
	return released.Query{Name: name, Results: results, Statements: []released.Statement{{Text: text, Args: args}}}
}

var results = []released.Result{
	{Column: "id", Go: "[16]uint8", Postgres: "uuid"},
	{Column: "total", Go: "int32", Postgres: "integer"},
	{Column: "note", Go: "*string", Postgres: "text", Nullable: true},
}

var queries = []released.Query{
	query("orders.analyze", "ANALYZE shop.orders", nil),
	query("orders.by_email", "SELECT o.id, o.total, o.note FROM shop.orders o WHERE shop.fold(o.email) = $1 ORDER BY o.state", results,
		arg("Email", "string", "text")),
	query("orders.put", "INSERT INTO shop.orders (id, email, note, total) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING", nil,
		arg("ID", "[16]uint8", "uuid"), arg("Email", "string", "character varying"), arg("Note", "*string", "text"),
		arg("Total", "int32", "integer")),
	query("staging.copy", `INSERT INTO "shop"."staging" ( "line" ) VALUES ($1)`, nil, arg("Line", "int64", "bigint")),
}

// releaseOn is the release for the schema of a connection.
func releaseOn(t *testing.T, conn *pgx.Conn) released.Release {
	t.Helper()
	tables, err := released.TablesOf(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	return released.Release{Version: "v1.0.0", Postgres: "15", Migrations: []string{"00001_shop.sql"}, Tables: tables, Queries: queries}
}

// changes are changes of the schema, and the beginnings of what the check finds.
var changes = []struct {
	name, change string
	findings     []string
}{
	{"nothing", "SELECT", nil},
	{"a new nullable column", "ALTER TABLE shop.orders ADD gift text", nil},
	{"a new column with a default", "ALTER TABLE shop.orders ADD gift text NOT NULL DEFAULT ''", nil},
	{"a new index", "CREATE INDEX ON shop.orders (total)", nil},
	{"a wider check", "ALTER TABLE shop.orders DROP CONSTRAINT orders_email_check, ADD CHECK (length(email) < 40)", nil},
	{"a larger limit", "ALTER TABLE shop.orders ALTER email TYPE varchar(50)", nil},
	{"no limit", "ALTER TABLE shop.orders ALTER email TYPE varchar", nil},
	{"a drop of what is not used", "ALTER TABLE shop.orders DROP hidden", nil},
	{"a result that may be NULL and has a place for it", "ALTER TABLE shop.orders ALTER state DROP NOT NULL", nil},
	{"a new column that a trigger fills", `ALTER TABLE shop.staging ADD state text NOT NULL;
		CREATE FUNCTION shop.fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.state := 'new'; RETURN NEW; END $$;
		CREATE TRIGGER fill BEFORE INSERT ON shop.staging FOR EACH ROW EXECUTE FUNCTION shop.fill()`, nil},
	{"a smaller limit", "ALTER TABLE shop.orders ALTER email TYPE varchar(20)", []string{
		"orders.by_email shop.orders.email it uses shop.orders.email, which was character varying(40) and is character varying(20)",
		"orders.put shop.orders.email it uses shop.orders.email, which was",
	}},
	{"a rename", "ALTER TABLE shop.orders RENAME note TO remark", []string{
		"orders.by_email shop.orders.note it uses shop.orders.note, which does not exist: keep it in this release",
		"orders.put shop.orders.note it uses shop.orders.note, which does not exist",
	}},
	{"another type of what is only sorted by", "ALTER TABLE shop.orders ALTER state DROP DEFAULT, ALTER state TYPE varchar", []string{
		"orders.by_email shop.orders.state it uses shop.orders.state, which was text and is character varying: keep the type",
		"orders.put shop.orders.state its INSERT leaves out shop.orders.state, which now refuses NULL without a default",
	}},
	{"another type, which the server refuses", "ALTER TABLE shop.staging ALTER line TYPE uuid USING NULL", []string{
		"staging.copy shop.staging.line it uses shop.staging.line, which was bigint and is uuid",
	}},
	{"a wider type", "ALTER TABLE shop.orders ALTER total TYPE bigint", []string{
		"orders.by_email shop.orders.total it uses shop.orders.total, which was integer and is bigint",
		"orders.put shop.orders.total it uses shop.orders.total, which was integer and is bigint",
	}},
	{"NULL refused of what is used", "ALTER TABLE shop.orders ALTER note SET NOT NULL", []string{
		"orders.by_email shop.orders.note it uses shop.orders.note, which now refuses NULL: let it be NULL in this release",
		"orders.put shop.orders.note it uses shop.orders.note, which now refuses NULL",
	}},
	{"NULL refused by a check", "ALTER TABLE shop.orders ADD CHECK (note IS NOT NULL) NOT VALID", []string{
		"orders.by_email shop.orders.note it uses shop.orders.note, which now refuses NULL", "orders.put shop.orders.note it uses",
	}},
	{"NULL refused of what an INSERT leaves out", "ALTER TABLE shop.orders ALTER hidden SET NOT NULL", []string{
		"orders.put shop.orders.hidden its INSERT leaves out shop.orders.hidden, which now refuses NULL without a default",
	}},
	{"NULL refused by a domain", "CREATE DOMAIN shop.word text NOT NULL; ALTER TABLE shop.staging ADD word shop.word", []string{
		"staging.copy shop.staging.word its INSERT leaves out shop.staging.word, which is new, refuses NULL and has no default: give it",
	}},
	{"NULL allowed", "ALTER TABLE shop.orders ALTER total DROP NOT NULL", []string{
		`orders.by_email shop.orders.total its result "total" was never NULL and can be now`,
	}},
	{"a table under another name", "DROP VIEW shop.notes; ALTER TABLE shop.orders RENAME TO purchases", []string{
		"orders.analyze shop.orders. it uses shop.orders, which does not exist",
		"orders.by_email shop.orders. it uses shop.orders, which does not exist",
		"orders.put shop.orders. it uses shop.orders, which does not exist",
	}},
	{"a function that is gone", "DROP FUNCTION shop.fold", []string{
		"orders.by_email . PostgreSQL refuses it: function shop.fold(character varying) does not exist: keep in this release",
	}},
	{"a unique index that is gone", "DROP INDEX shop.orders_email", []string{
		"orders.put . PostgreSQL can't plan it: there is no unique or exclusion constraint",
	}},
}

func TestWhatBreaksTheReleaseIsFound(t *testing.T) {
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := pgtest.Connect(t, shop.Database(t))
			r := releaseOn(t, conn)
			if _, err := conn.Exec(t.Context(), c.change, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatal(err)
			}
			found, err := r.Check(t.Context(), conn, nil)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, f := range found {
				texts = append(texts, f.Query+" "+f.Table+"."+f.Column+" "+f.Problem+": "+f.Fix)
			}
			for i, text := range texts {
				if i >= len(c.findings) || !strings.HasPrefix(text, c.findings[i]) {
					t.Errorf("found %q", text)
				}
			}
			if len(texts) < len(c.findings) {
				t.Errorf("found %q, not %q", texts, c.findings)
			}
		})
	}
}

func TestQueriesAreLeftOut(t *testing.T) {
	conn := pgtest.Connect(t, shop.Database(t))
	r := releaseOn(t, conn)
	pgtest.Execute(t, conn, "DROP TABLE shop.orders CASCADE")
	found, err := r.Check(t.Context(), conn, func(query string) bool { return query != "orders.put" })
	if err != nil || len(found) != 1 || found[0].Query != "orders.put" || found[0].Variants != 1 || found[0].Of != 1 {
		t.Errorf("found %+v: %v", found, err)
	}
}
