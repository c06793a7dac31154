package nulls

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// samples are values of each type that a listed function takes, among them
// those that are most likely to give NULL: empty, infinite, not a number.
var samples = map[string][]string{
	`"char"`:                      {"a", ""},
	"bigint":                      {"0", "-7", "9223372036854775807"},
	"bit":                         {"0", "1"},
	"boolean":                     {"true", "false"},
	"bytea":                       {"", `\x00ff`},
	"character":                   {"", "a "},
	"cidr":                        {"10.0.0.0/8", "::/0"},
	"date":                        {"infinity", "-infinity", "2026-02-28"},
	"double precision":            {"NaN", "Infinity", "0", "-1.5"},
	"inet":                        {"10.0.0.1/8", "::1"},
	"integer":                     {"1", "0", "-7", "2147483647"},
	"interval":                    {"0", "-1 mon", "infinity"},
	"json":                        {"null", "{}", "[]", `{"a": null}`, `"x"`},
	"jsonb":                       {"null", "{}", "[]", `{"a": null}`, `"x"`},
	"jsonpath":                    {"$", "$.a"},
	"macaddr":                     {"08:00:2b:01:02:03"},
	"name":                        {"", "UTF8"},
	"numeric":                     {"NaN", "Infinity", "0", "-1.50"},
	"oid":                         {"0", "1"},
	"real":                        {"NaN", "Infinity", "0"},
	"record":                      {"(1)"},
	"regclass":                    {"pg_class", "counter"},
	"regconfig":                   {"simple"},
	"regdictionary":               {"simple"},
	"smallint":                    {"0", "-7", "32767"},
	"text":                        {"", "a", "day", "UTC", "a,b", "NULL", "hex", "[)", "NFC", "work_mem"},
	"text[]":                      {"{}", "{NULL}", "{a}", "{{a},{b}}"},
	"integer[]":                   {"{}", "{1}", "{2,3}"},
	"time without time zone":      {"00:00", "24:00"},
	"time with time zone":         {"00:00+00"},
	"timestamp without time zone": {"infinity", "-infinity", "2026-02-28"},
	"timestamp with time zone":    {"infinity", "-infinity", "2026-02-28"},
	"tsquery":                     {"", "a"},
	"tsvector":                    {"", "a:1"},
	"uuid":                        {"00000000-0000-0000-0000-000000000000"},
	"xml":                         {"<a/>", ""},
	"real[]":                      {"{0.1,0.2,0.4,1}"},
	`"char"[]`:                    {"{a}"},
	"int4range":                   {"empty", "(,)", "[1,2)"},
	"daterange":                   {"empty", "(,)"},
	"int8range":                   {"empty", "[1,)"},
	"int4range[]":                 {"{}", `{"[1,2)"}`},
	"numrange":                    {"empty", "(,)"},
	"int4multirange":              {"{}", "{(,)}", "{[1,2),[5,6)}"},
	"mood":                        {"calm"},
}

// stands are the types that stand for the ones that a function leaves open.
var stands = map[string]string{
	"anyelement": "integer", "anyarray": "integer[]", "anynonarray": "integer", "anyenum": "mood", "anyrange": "int4range",
	"anymultirange": "int4multirange", "anycompatible": "integer", "anycompatiblearray": "integer[]",
	"anycompatiblenonarray": "integer", "anycompatiblerange": "int4range", `"any"`: "integer", "character varying": "text",
}

// smaller are samples in place of those of a type, by the name of a
// function whose work grows with the value. So no call takes long on any machine.
var smaller = map[string]map[string][]string{
	"repeat": {"integer": {"1", "0", "-7", "1000"}}, // a pass of its loop for each
}

func samplesOf(function, typ string) []string {
	if few, ok := smaller[function][typ]; ok {
		return few
	}
	return samples[typ]
}

// passes are the arguments that a test calls a function with. Those that the
// section of functions.txt says may be NULL are so too.
func passes(function string, types []string, section string) []string {
	calls := []string{""}
	for i, typ := range types {
		if to, ok := stands[typ]; ok {
			typ = to
		}
		var longer []string
		for _, call := range calls {
			for _, value := range samplesOf(function, typ) {
				longer = append(longer, fmt.Sprintf("%s, '%s'::%s", call, value, typ))
			}
			if section == "always" || section == "first" && i > 0 {
				longer = append(longer, call+", NULL::"+typ)
			}
		}
		calls = spread(longer)
	}
	for i := range calls {
		calls[i] = strings.TrimPrefix(calls[i], ", ")
	}
	return calls
}

// spread thins a list out to some sixty.
func spread(list []string) []string {
	step := len(list)/60 + 1
	var some []string
	for i := 0; i < len(list); i += step {
		some = append(some, list[i])
	}
	return some
}

type signature struct {
	Function
	types []string
}

func signatures(t *testing.T, conn *pgx.Conn) []signature {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		SELECT p.proname, p.prokind::text, l.lanname, p.prosrc, p.pronargs::int,
			array(SELECT format_type(a, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY u (a, n) ORDER BY n)
		FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
		WHERE p.oid < 16384 AND p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
		ORDER BY p.oid`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s signature, err error) {
		var kind string
		err = row.Scan(&s.Name, &kind, &s.Language, &s.Source, &s.Arguments, &s.types)
		s.Kind, s.BuiltIn = kind[0], true
		return s, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestListedFunctionsDontMakeNULL(t *testing.T) {
	conn := connect(t)
	tested := 0
	for _, s := range signatures(t, conn) {
		section := yield(s.Function)
		if section == "" {
			continue
		}
		queries := []string{}
		for _, args := range passes(s.Name, s.types, section) {
			query := fmt.Sprintf("SELECT pg_catalog.%q(%s) IS NULL", s.Name, args)
			if section == "rows" {
				query = fmt.Sprintf("SELECT coalesce(bool_or(r IS NULL), false) FROM (SELECT pg_catalog.%q(%s) AS r LIMIT 9) s", s.Name, args)
			}
			queries = append(queries, query)
		}
		var answered int
		var made []string
		err := conn.QueryRow(t.Context(), "SELECT * FROM ask($1)", queries).Scan(&answered, &made)
		if err != nil {
			t.Fatal(s.Name, err)
		}
		for _, query := range made {
			t.Errorf("%s: %s", s.Source, query)
		}
		if answered > 0 {
			tested++
		}
	}
	if tested < 800 {
		t.Errorf("only %d functions answered", tested)
	}
}

// ask counts how many of the questions are answered, and which with true.
const ask = `
	CREATE FUNCTION ask(questions text[], OUT answered int, OUT yes text[]) LANGUAGE plpgsql AS $$
	DECLARE question text; answer bool;
	BEGIN
		answered := 0;
		yes := '{}';
		FOREACH question IN ARRAY questions LOOP
			BEGIN
				EXECUTE question INTO answer;
				answered := answered + 1;
				IF answer THEN yes := yes || question; END IF;
			EXCEPTION WHEN others THEN -- an error is no NULL
			END;
		END LOOP;
	END $$`

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	var empty pgtest.Template
	conn, err := pgx.Connect(t.Context(), empty.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	const prepare = "SET client_min_messages = error; CREATE SEQUENCE counter; CREATE TYPE mood AS ENUM ('calm'); "
	if _, err := conn.Exec(t.Context(), prepare+ask); err != nil {
		t.Fatal(err)
	}
	return conn
}
