package doctest_test

import (
	"cmp"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// names is a set of names that exist.
type names map[string]bool

func (n names) add(list ...string) {
	for _, each := range list {
		n[each] = true
	}
}

// near returns the name most like one that does not exist, as a question, or "".
func (n names) near(wrong string) string {
	best, least := "", len(wrong)/3+2
	for _, each := range slices.Sorted(maps.Keys(n)) {
		if max(len(each)-len(wrong), len(wrong)-len(each)) > least {
			continue
		}
		if edits := domain.Edits(wrong, each); edits < least {
			best, least = each, edits
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// known is everything that documents may name.
type known struct {
	files     names // and folders
	bases     names // of files
	code      names // words of all other files, but for these tests
	variables names
	targets   names
	routes    names
	problems  names
	folders   names // of the machine, in the documentation of the settings
	schema    schema
	packages  goPackages
	programs  map[string]*command
}

var knownOnce struct {
	sync.Mutex
	names *known
}

// everything collects the names once a process.
func everything(t *testing.T) *known {
	t.Helper()
	knownOnce.Lock()
	defer knownOnce.Unlock()
	if knownOnce.names == nil {
		k := &known{files: names{".": true}, bases: names{}, code: names{}}
		for _, name := range files(t) {
			k.bases.add(path.Base(name))
			for at := name; at != "."; at = path.Dir(at) {
				k.files.add(at)
			}
			if isText(name) && path.Ext(name) != ".md" && !strings.HasPrefix(name, "internal/doctest/") {
				k.code.add(identifier.FindAllString(read(t, name), -1)...)
			}
		}
		k.variables = variables(t)
		k.targets = matches(read(t, "Makefile"), `(?m)^([a-z-]+):`)
		k.routes = routes(read(t, "docs/openapi.yaml"))
		k.problems = matches(read(t, "docs/problems.md"), `(?m)^## (\S+)$`)
		k.folders = matches(read(t, "docs/configuration.md"), `\s(/\w+/[\w/]+)`)
		k.schema = migrated(t)
		k.packages = parsePackages(t)
		k.programs = programs(t)
		knownOnce.names = k
	}
	return knownOnce.names
}

var identifier = regexp.MustCompile(`[\pL_][\pL\d_]*`)

func matches(text, expression string) names {
	found := names{}
	for _, each := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
		found.add(each[1])
	}
	return found
}

// variables are those of the settings, of the Makefile, and of Go code that asks
// for them.
func variables(t *testing.T) names {
	found := matches(read(t, "docs/configuration.md"), "(?m)^\\| `([A-Z_]+)`")
	for _, name := range files(t) {
		switch {
		case strings.HasSuffix(name, "_test.go"): // they have wrong ones, too
			maps.Copy(found, matches(read(t, name), `\b(?:Getenv|LookupEnv|countOf)\((?:t, "[a-z]+", )?"([A-Z_]+)"`))
		case path.Ext(name) == ".go":
			maps.Copy(found, matches(read(t, name), `"(ROSTER_[A-Z_]+|[A-Z]+(?:_[A-Z]+)+)"`))
		case name == "Makefile" || strings.HasPrefix(name, "internal/tools/") && path.Ext(name) != ".sum":
			maps.Copy(found, matches(read(t, name), `\b([A-Z]+(?:_[A-Z]+)*)\b`))
		}
	}
	return found
}

// routes are the operations of the contract, as in "GET /users", and the paths.
func routes(contract string) names {
	found := names{}
	at := ""
	for line := range strings.Lines(contract) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "  /"):
			at = strings.TrimSuffix(strings.TrimSpace(line), ":")
			found.add(at)
		case line != "" && line[0] != ' ':
			at = ""
		case at != "":
			method, ok := strings.CutSuffix(strings.TrimPrefix(line, "    "), ":")
			if ok && !strings.HasPrefix(method, " ") {
				found.add(strings.ToUpper(method) + " " + at)
			}
		}
	}
	return found
}

// has reports whether a path exists, seen from the root or from a document, and
// one with stars matches something.
func (k *known) has(document, name string) bool {
	name = strings.TrimSuffix(name, "/")
	for _, from := range []string{".", path.Dir(document)} {
		at := path.Join(from, name)
		if k.files[at] {
			return true
		}
		if strings.Contains(at, "*") {
			if found, err := filepath.Glob(filepath.Join(root, at)); err == nil && len(found) > 0 {
				return true
			}
		}
	}
	return false
}

// nearPath returns the path most like one that does not exist: the one with the
// same last element, or with few other letters.
func (k *known) nearPath(wrong string) string {
	for _, each := range slices.SortedFunc(maps.Keys(k.files), func(a, b string) int {
		return cmp.Or(len(a)-len(b), strings.Compare(a, b))
	}) {
		if path.Base(each) == path.Base(wrong) {
			return "; did you mean " + each + "?"
		}
	}
	return k.files.near(wrong)
}

// isStandard reports whether an import path is one of Go's own packages.
func isStandard(name string) bool {
	info, err := os.Stat(filepath.Join(goroot(), "src", name))
	return err == nil && info.IsDir()
}
