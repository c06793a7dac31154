package vet_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/vet"
)

// TestMain lets this test program be what go vet invokes.
func TestMain(m *testing.M) {
	if vet.Invoked(os.Args[1:]) {
		vet.Main()
	}
	os.Exit(m.Run())
}

// The sources under testdata say what is refused, and where, in comments.
func TestEachWayPastSqlcheckIsRefusedAndNoLegalUse(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), vet.Analyzer, "./sending", "./squirrels", "./texts", "./allowing", "./legal")
}

func TestTestFilesAreRefusedIfAskedFor(t *testing.T) {
	set := func(value string) {
		if err := vet.Analyzer.Flags.Set("tests", value); err != nil {
			t.Fatal(err)
		}
	}
	set("true")
	defer set("false")
	analysistest.Run(t, analysistest.TestData(), vet.Analyzer, "./tested")
}

func TestGoVetInvokesIt(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for pkg, want := range map[string]string{
		"./allowing": "allowing.go:14:7: (*pgx.Conn).Exec sends SQL past sqlcheck",
		"./legal":    "",
	} {
		t.Run(pkg, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+self, pkg)
			command.Dir = analysistest.TestData()
			out, err := command.CombinedOutput()
			if refused := err != nil; refused != (want != "") || !strings.Contains(string(out), want) {
				t.Errorf("go vet %s: %v: got\n%s\nwant %q", pkg, err, out, want)
			}
		})
	}
}

func TestOtherArgumentsAreNotGoVets(t *testing.T) {
	for args, want := range map[string]bool{
		"-V=full": true, "-flags": true, "-tests /tmp/vet.cfg": true,
		"": false, "check": false, "vet ./...": false, "-tests": false,
	} {
		if got := vet.Invoked(strings.Fields(args)); got != want {
			t.Errorf("%q: got %v", args, got)
		}
	}
}
