package doctest_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

const architecture = "docs/architecture.md"

// listed are the folders whose subfolders docs/architecture.md lists.
var listed = []string{
	".", "adapters", "adapters/postgres", "adapters/postgres/internal", "adapters/rest", "cmd", "cmd/roster", "internal", "ports",
}

// unexplained lists the folders of files that a text should name and doesn't.
func unexplained(text string, files []string) (missing []string) {
	for _, name := range files {
		for at := path.Dir(name); at != "."; at = path.Dir(at) {
			hidden := strings.HasPrefix(at, ".") || path.Base(at) == "testdata"
			if hidden || slices.Contains(listed, at) || !slices.Contains(listed, path.Dir(at)) {
				continue
			}
			if !strings.Contains(text, "`"+at+"`") && !slices.Contains(missing, at) {
				missing = append(missing, at)
			}
		}
	}
	return missing
}

func TestTheArchitectureNamesEveryFolder(t *testing.T) {
	for _, each := range unexplained(read(t, architecture), files(t)) {
		t.Errorf("%s does not say what %s is for", architecture, each)
	}
}

func TestFoldersThatTheArchitectureLacksAreFound(t *testing.T) {
	got := unexplained("`domain`, `adapters/postgres/batch`", []string{
		"README.md", "domain/user.go", "adapters/postgres/batch/queue.go", "adapters/postgres/batch/more/x.go",
		"adapters/rest/guard/hosts.go", "adapters/rest/guard/x.go", "cmd/roster/testdata/a.txt", ".ci/run",
	})
	if !slices.Equal(got, []string{"adapters/rest/guard"}) {
		t.Errorf("got %v", got)
	}
}
