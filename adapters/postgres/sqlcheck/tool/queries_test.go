package tool

import (
	"bytes"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type typeRow struct {
	Name int32 `db:"typname"`
}

var _ = sqlcheck.New(sqlcheck.Def[sqlcheck.None, typeRow]{
	Name:  "types.names",
	Build: func(sqlcheck.None) sq.Sqlizer { return sq.Select("typname").From("pg_catalog.pg_type") },
})

func TestQueriesTypeChecksThoseOfThisProgram(t *testing.T) {
	queries, err := Queries(t.Context(), (&pgtest.Template{}).Database(t))
	if err != nil || len(queries) != 1 || queries[0].Name != "types.names" || len(queries[0].Findings) != 1 {
		t.Fatalf("got %+v, %v", queries, err)
	}
	const want = `queries_test.go:18: query "types.names" (1 of 1 variants): column "typname" is name; field Name is int32: make it string`
	if got := queries[0].Findings[0].String(); got != want {
		t.Errorf("got %s", got)
	}
	if _, err := Queries(t.Context(), "postgres://localhost:1/x"); err == nil {
		t.Error("a database that is not there is no error")
	}
}

func TestInspectAnswersOnlyItsQuestions(t *testing.T) {
	for _, args := range []string{"", "lists", "check", "plans a b", "columns a"} {
		var out bytes.Buffer
		if err := answer(t.Context(), &out, &out, strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		has(t, args, out.String(), `"Error":"only the command sqlcheck runs this program: use one release of both"`)
	}
}
