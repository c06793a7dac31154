package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/describe/judge"
)

// Every variant of every query is described by the server: names, types and
// what can be NULL must be what the parameters and rows in Go say.
func TestEveryQueryAgreesWithTheSchema(t *testing.T) {
	t.Parallel()
	d := describe.New(pgtest.Connect(t, testdb.URL(t)))
	judged := 0
	for def := range sqlcheck.All() {
		judged++
		findings, err := judge.Definition(t.Context(), d, def)
		if err != nil {
			t.Fatalf("%s: %v", def.Source, err)
		}
		for _, f := range findings {
			t.Errorf("%s: query %q (%d of %d variants): %s", def.Source, def.Name, len(f.Variants), len(def.Variants), f)
		}
	}
	if judged == 0 {
		t.Error("no query is registered")
	}
}

func TestARenamedColumnIsFoundInTheQueriesThatReadIt(t *testing.T) {
	t.Parallel()
	c := pgtest.Connect(t, testdb.URL(t))
	pgtest.Execute(t, c, "ALTER TABLE roster.users RENAME COLUMN external_id TO outside_id")
	d, refused := describe.New(c), map[string]bool{}
	for def := range sqlcheck.All() {
		findings, err := judge.Definition(t.Context(), d, def)
		if err != nil {
			t.Fatalf("%s: %v", def.Source, err)
		}
		refused[def.Name] = len(findings) > 0
	}
	for name, reads := range map[string]bool{"users.by_ids": true, "users.search_name": true, "users.insert": true, "plans.all": false} {
		if refused[name] != reads {
			t.Errorf("query %q is refused: %t; want %t", name, refused[name], reads)
		}
	}
}
