package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
)

// Every variant of every query is described by the server: names, types and
// what can be NULL must be what the parameters and rows in Go say.
func TestEveryQueryAgreesWithTheSchema(t *testing.T) {
	queries, err := tool.Queries(t.Context(), directory.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		for _, f := range q.Findings {
			t.Error(f)
		}
	}
	if len(queries) == 0 {
		t.Error("no query is registered")
	}
}

func TestARenamedColumnIsFoundInTheQueriesThatReadIt(t *testing.T) {
	url := directory.Database(t)
	execute(t, connect(t, url), "ALTER TABLE roster.users RENAME COLUMN external_id TO outside_id")
	queries, err := tool.Queries(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]bool{}
	for _, q := range queries {
		refused[q.Name] = len(q.Findings) > 0
	}
	for name, reads := range map[string]bool{"users.by_id": true, "users.search_named": true, "users.insert": true, "plans.all": false} {
		if refused[name] != reads {
			t.Errorf("query %q is refused: %t; want %t", name, refused[name], reads)
		}
	}
}
