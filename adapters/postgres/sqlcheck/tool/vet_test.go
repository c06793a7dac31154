package tool

import (
	"bytes"
	"os"
	"testing"
)

const legal = `package store

import "database/sql"

func open() (*sql.DB, error) { return sql.Open("pgx", "") }
`

const bypass = `package store

import "database/sql"

func bypass(db *sql.DB) { db.Exec("DELETE FROM shop.customers") }
`

// The packages are of the standard library: go vet runs its tool on each one
// that is imported.
func TestVetIsGoVet(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GORACE", "atexit_sleep_ms=0") // else each run of the tool sleeps a second with the race detector
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	vetted := func(want int, args ...string) string {
		var out, errs bytes.Buffer
		if got := Main(t.Context(), append([]string{"vet"}, args...), &out, &errs, start); got != want {
			t.Fatalf("exit status %d, not %d: %s", got, want, errs.String())
		}
		return out.String() + errs.String()
	}
	write("go.mod", "module example.com/shop\n\ngo 1.26.0\n")
	write("legal.go", legal)
	write("bypass_test.go", bypass)
	vetted(allWell)
	has(t, "vet of tests", vetted(findings, "-sqlcheck.tests", "."), "bypass_test.go:5:30: (*sql.DB).Exec sends SQL past sqlcheck")
	if err := os.Remove("bypass_test.go"); err != nil {
		t.Fatal(err)
	}
	write("bypass.go", bypass)
	const want = "bypass.go:5:30: (*sql.DB).Exec sends SQL past sqlcheck: define the statement with sqlcheck.New and run that"
	has(t, "vet", vetted(findings), want)
}
