package doctest_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// PostgreSQL checks the rights of a statement when it explains it. Migrations, roster
// engagement rebuild and roster erased verify are for the owner.
func TestTheServingRoleMaySendEveryStatement(t *testing.T) {
	r := newRoles(t)
	connection := pgtest.Connect(t, r.as(t, r.template.Database(t), "serve"))
	files, err := filepath.Glob(filepath.Join(root, "adapters/postgres/snapshots/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "migrations.") || strings.HasPrefix(name, "leftovers.") || name == "rollups.rebuild.json" {
			continue
		}
		var snapshot struct{ Statements []struct{ Text []string } }
		if err := json.Unmarshal([]byte(read(t, strings.TrimPrefix(file, root+"/"))), &snapshot); err != nil {
			t.Fatal(err)
		}
		for _, statement := range snapshot.Statements {
			text := strings.Join(statement.Text, "")
			switch verb, _, _ := strings.Cut(text, " "); verb {
			case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
				explain(t, connection, text)
				sent++
			}
		}
	}
	if sent < 100 {
		t.Errorf("only %d statements were explained", sent)
	}
}

// explain explains a statement, whose arguments are null.
func explain(t *testing.T, connection *pgx.Conn, text string) {
	t.Helper()
	prepared, err := connection.Prepare(t.Context(), "", text)
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return
	}
	execute := "EXPLAIN EXECUTE explained"
	if n := len(prepared.ParamOIDs); n > 0 {
		execute += "(NULL" + strings.Repeat(", NULL", n-1) + ")"
	}
	for _, each := range []string{"PREPARE explained AS " + text, execute, "DEALLOCATE explained"} {
		if _, err := connection.Exec(t.Context(), each, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Errorf("%s: %v: grant the right in %s", each, err, operations)
		}
	}
}
