package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
	"github.com/roster-directory/roster/internal/testdb"
)

// The server describes every variant of every query: names, types and
// nullability must be those of the parameters and rows in Go.
func TestEveryQueryAgreesWithTheSchema(t *testing.T) {
	t.Parallel()
	queries, err := tool.Queries(t.Context(), testdb.URL(t))
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
	t.Parallel()
	url := testdb.URL(t)
	pgtest.Execute(t, pgtest.Connect(t, url), "ALTER TABLE roster.users RENAME COLUMN external_id TO outside_id")
	queries, err := tool.Queries(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]bool{}
	for _, q := range queries {
		refused[q.Name] = len(q.Findings) > 0
	}
	for name, reads := range map[string]bool{"users.by_ids": true, "users.search_name": true, "users.insert": true, "plans.all": false} {
		if refused[name] != reads {
			t.Errorf("query %q is refused: %t; want %t", name, refused[name], reads)
		}
	}
}
