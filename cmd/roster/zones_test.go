package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestTheProgramHoldsTheTimeZones looks at the imports, since no test can take the
// host's own time zones away.
func TestTheProgramHoldsTheTimeZones(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(strings.Fields(string(out)), "time/tzdata") {
		t.Error("the program does not import time/tzdata")
	}
}
