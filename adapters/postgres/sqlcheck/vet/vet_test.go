package vet_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

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
	for _, folder := range []string{"sending", "squirrels", "texts", "allowing", "legal", "standard", "plain"} {
		t.Run(folder, func(t *testing.T) { run(t, folder) })
	}
}

func TestTestFilesAreRefusedIfAskedFor(t *testing.T) {
	with(t, "tests")
	run(t, "tested")
}

func TestMixingIsRefusedWhereSealed(t *testing.T) {
	with(t, "sealed")
	run(t, "sealed")
}

func TestMixingIsAllowedElsewhere(t *testing.T) {
	for pkg, found := range diagnostics(t, "sealed") {
		if len(found) == 0 {
			continue
		}
		t.Errorf("%s: got %v", pkg.ID, found)
	}
}

// with sets a flag of the analyzer for one test.
func with(t *testing.T, flag string) {
	t.Helper()
	set := func(value string) {
		if err := vet.Analyzer.Flags.Set(flag, value); err != nil {
			t.Fatal(err)
		}
	}
	set("true")
	t.Cleanup(func() { set("false") })
}

func TestGoVetInvokesIt(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+self, "./standard", "./plain")
	command.Dir = "testdata"
	// go vet runs the tool on each package that is imported, so these import few.
	// With the race detector a program sleeps a second before it exits.
	command.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "standard.go:7:5: (*sql.DB).Exec sends SQL past sqlcheck") {
		t.Errorf("%v: %s", err, out)
	}
	if strings.Contains(string(out), "plain.go") {
		t.Errorf("what is legal is refused: %s", out)
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
