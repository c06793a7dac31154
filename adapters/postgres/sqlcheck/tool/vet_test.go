package tool

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

const legal = `package store

import "database/sql"

func open() (*sql.DB, error) { return sql.Open("pgx", "") }
`

const bypassing = `package store

import "database/sql"

func bypass(db *sql.DB) { db.Exec("DELETE FROM shop.customers") }
`

// vetFiles writes files to the working folder and runs vet on it.
type vetFiles struct{ t *testing.T }

func newVetFiles(t *testing.T) vetFiles {
	t.Helper()
	t.Chdir(t.TempDir())
	f := vetFiles{t}
	f.write("go.mod", "module example.com/shop\n\ngo 1.26.0\n")
	f.write("sqlcheck.json", "{}")
	f.write("legal.go", legal)
	return f
}

func (f vetFiles) write(name, text string) {
	f.t.Helper()
	if dir, _, nested := strings.Cut(name, "/"); nested {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f vetFiles) vet(want int, args ...string) string {
	f.t.Helper()
	var out, errs bytes.Buffer
	if got := Main(f.t.Context(), append([]string{"vet"}, args...), &out, &errs, start); got != want {
		f.t.Fatalf("exit status %d, not %d: %s%s", got, want, out.String(), errs.String())
	}
	return out.String() + errs.String()
}

const bypassed = ":5:30: (*sql.DB).Exec sends SQL past sqlcheck: define the statement with sqlcheck.New and run that\n"

func TestVetFindsSQLThatIsSentPastSqlcheck(t *testing.T) {
	f := newVetFiles(t)
	f.write("bypass_test.go", bypassing)
	f.vet(allWell)
	for _, flag := range []string{"-tests", "-sqlcheck.tests"} {
		if got := f.vet(findings, flag, "."); got != "bypass_test.go"+bypassed {
			t.Errorf("%s: got %s", flag, got)
		}
	}
	if err := os.Remove("bypass_test.go"); err != nil {
		t.Fatal(err)
	}
	f.write("bypass.go", "//go:build special\n\n"+bypassing)
	f.vet(allWell)
	has(t, "vet of a build tag", f.vet(findings, "-tags", "special"), "bypass.go:7:30: (*sql.DB).Exec sends")
	has(t, "JSON", f.vet(findings, "-tags", "special", "-json"), `{"file":"bypass.go","line":7,"column":30,"problem":"(*sql.DB).Exec sends`)
	f.write("bypass.go", "package store\n\nvar broken int = \"\"\n")
	has(t, "code that doesn't compile", f.vet(failed), "example.com/shop doesn't compile: ", "bypass.go:3:18")
}

func TestVetLooksAtTheConfigurationsPackages(t *testing.T) {
	f := newVetFiles(t)
	f.write("store/bypass.go", bypassing)
	f.write("other/bypass.go", bypassing)
	f.write("other/sqlcheck.json", `{"packages": ["../store"]}`)
	f.vet(allWell)
	if got := f.vet(findings, "-config", "other"); got != "store/bypass.go"+bypassed {
		t.Errorf("packages: got %s", got)
	}
	f.write("other/sqlcheck.json", `{"packages": ["../store"], "vet": ["../..."]}`)
	if got := f.vet(findings, "-config", "other"); got != "other/bypass.go"+bypassed+"store/bypass.go"+bypassed {
		t.Errorf("vet: got %s", got)
	}
	if err := os.Remove("sqlcheck.json"); err != nil {
		t.Fatal(err)
	}
	has(t, "no configuration", f.vet(failed), "sqlcheck.json: no such file", "-config, or name packages")
	if got := f.vet(findings, "./store"); got != "store/bypass.go"+bypassed {
		t.Errorf("named: got %s", got)
	}
}

// The baseline knows findings by file, function and problem: lines may move.
func TestOnlyFindingsThatTheBaselineLacksFail(t *testing.T) {
	f := newVetFiles(t)
	f.write("bypass.go", bypassing)
	f.vet(findings)
	f.vet(allWell, "-accept")
	f.write("bypass.go", strings.Replace(bypassing, "import", "// A comment.\n\nimport", 1))
	if got := f.vet(allWell); got != "" {
		t.Errorf("a known finding: got %s", got)
	}
	const second = `func (shop) second(db *sql.DB) { db.Exec("DELETE FROM shop.orders"); db.Exec("") }` + "\n"
	f.write("bypass.go", bypassing+"\ntype shop struct{}\n\n"+second)
	if got := f.vet(findings); strings.Count(got, "\n") != 2 || !strings.Contains(got, "bypass.go:9:") {
		t.Errorf("two new findings: got %s", got)
	}
	f.vet(allWell, "-accept")
	f.write("bypass.go", bypassing+"\ntype shop struct{}\n\n"+strings.Replace(second, `; db.Exec("")`, "", 1))
	const stale = `vet_baseline.txt:4: stale: "bypass.go: shop.second: (*sql.DB).Exec sends SQL past sqlcheck" is not found any more: ` +
		"run sqlcheck vet -accept\n"
	if got := f.vet(allWell); got != stale {
		t.Errorf("a stale entry: got %s", got)
	}
	f.write("bypass.go", strings.Replace(bypassing, "db.Exec", "_ = db; print", 1))
	f.vet(allWell, "-accept")
	if _, err := os.Stat(baselineFile); !os.IsNotExist(err) {
		t.Errorf("the baseline of nothing is there: %v", err)
	}
	has(t, "accepting a part", f.vet(failed, "-accept", "./..."), "writes the baseline of all packages of sqlcheck.json: name none")
}

func TestASealedServiceMixesNothing(t *testing.T) {
	s := newShop(t)
	s.write("store/mixed.go", `package store

import (
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func mixed(tx pgx.Tx) sqlcheck.DB { return sqlcheck.On(tx) }
`)
	vetted := func() string {
		var out, errs bytes.Buffer
		Main(t.Context(), []string{"vet", "-config", s.path("store")}, &out, &errs, start)
		return out.String() + errs.String()
	}
	if got := vetted(); got != "" {
		t.Errorf("a service that isn't sealed: got %s", got)
	}
	s.write("store/sqlcheck.json", `{"migrations": "../migrations", "sealed": true}`)
	has(t, "a sealed service", vetted(), "mixed.go:9:53: sqlcheck.On mixes checked queries with other SQL")
}
