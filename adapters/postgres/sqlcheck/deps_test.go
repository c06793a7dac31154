package sqlcheck_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestAServiceBuildsPgxSquirrelAndTextAlone holds what a service that imports this
// package alone has to build: pgx and squirrel, with what these need, x/text among
// them, and nothing of Roster outside of this folder.
func TestAServiceBuildsPgxSquirrelAndTextAlone(t *testing.T) {
	const own = "github.com/roster-directory/roster"
	allowed := append(depsOf(t, "{{with .Module}}{{.Path}}{{end}}", "github.com/jackc/pgx/v5/pgxpool", "github.com/Masterminds/squirrel"), own)
	for _, module := range depsOf(t, "{{with .Module}}{{.Path}}{{end}}", own+"/adapters/postgres/sqlcheck") {
		if !slices.Contains(allowed, module) {
			t.Errorf("it also builds %s", module)
		}
	}
	for _, path := range depsOf(t, "{{.ImportPath}}", own+"/adapters/postgres/sqlcheck") {
		const runTime = own + "/adapters/postgres/sqlcheck"
		if strings.HasPrefix(path, own) && path != runTime && !strings.HasPrefix(path, runTime+"/internal/") {
			t.Errorf("it also builds %s", path)
		}
	}
}

// depsOf lists something of packages and of all that they import.
func depsOf(t *testing.T, format string, packages ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-deps", "-f", format}, packages...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}
