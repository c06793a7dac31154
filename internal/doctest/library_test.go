package doctest_test

import (
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const library = "docs/library.md"

// A program that imports Roster on PostgreSQL inherits what the page says.
func TestTheLibrarysPageNamesTheModulesThatItInherits(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./library")
	list.Dir = filepath.Join(root, "docs/examples")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	inherited := names{}
	for each := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(each, module) {
			inherited.add(each)
		}
	}
	_, part, _ := strings.Cut(read(t, library), "## What you inherit")
	named := names{}
	for _, each := range regexp.MustCompile("`((?:[a-z.]+\\.[a-z]+)/[^`]+)`").FindAllStringSubmatch(part, -1) {
		named.add(each[1])
	}
	if !maps.Equal(named, inherited) {
		t.Errorf("%s names %v, and the example is built from %v", library, slices.Sorted(maps.Keys(named)), slices.Sorted(maps.Keys(inherited)))
	}
}
