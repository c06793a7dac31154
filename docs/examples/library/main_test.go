package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main{M: m}.Run()) }

func TestTheServiceFindsTheUserThatItCreates(t *testing.T) {
	var out strings.Builder
	var empty pgtest.Template
	if err := run(t.Context(), empty.Database(t), &out); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "found Ada Lovelace <ada@example.com>\n" {
		t.Errorf("it prints %q", got)
	}
}

// What the service is built from holds no HTTP framework and no wiring.
func TestTheServiceInheritsNeitherGinNorWire(t *testing.T) {
	deps, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, unwanted := range []string{"github.com/gin-gonic/gin", "github.com/google/wire", "net/http\n"} {
		if strings.Contains(string(deps), unwanted) {
			t.Errorf("it is built from %s", unwanted)
		}
	}
}
