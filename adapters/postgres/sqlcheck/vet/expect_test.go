package vet_test

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/vet"
)

// loaded are the packages under testdata, each with its tests. They are loaded
// once, and what they import comes from the compiler's export data: analysistest
// would type check pgx and the standard library from source for each test.
var loaded = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: "testdata", Tests: true}, "./...")
})

// run analyses the packages of a folder, and wants the diagnostics that their
// comments want.
func run(t *testing.T, folder string) {
	t.Helper()
	for pkg, found := range diagnostics(t, folder) {
		compare(t, pkg, found)
	}
}

// diagnostics are those of the packages of a folder that have some or want some.
func diagnostics(t *testing.T, folder string) map[*packages.Package][]analysis.Diagnostic {
	t.Helper()
	all, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	found := map[*packages.Package][]analysis.Diagnostic{}
	analysed := 0
	for _, pkg := range all {
		if pkg.PkgPath != "shop/"+folder && pkg.PkgPath != "shop/"+folder+"_test" {
			continue
		}
		analysed++
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		graph, err := checker.Analyze([]*analysis.Analyzer{vet.Analyzer}, []*packages.Package{pkg}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range graph.Roots {
			if action.Err != nil {
				t.Fatal(action.Err)
			}
			found[pkg] = append(found[pkg], action.Diagnostics...)
		}
	}
	if analysed == 0 {
		t.Fatalf("there is no package in testdata/%s", folder)
	}
	return found
}

// compare holds diagnostics against the comments of the form // want `pattern`
// on their lines.
func compare(t *testing.T, pkg *packages.Package, diagnostics []analysis.Diagnostic) {
	t.Helper()
	wanted := map[string][]*regexp.Regexp{}
	for _, file := range pkg.Syntax {
		for _, group := range file.Comments {
			for _, comment := range group.List {
				at := line(pkg.Fset, comment.Pos())
				wanted[at] = append(wanted[at], patterns(t, at, comment)...)
			}
		}
	}
	for _, d := range diagnostics {
		at, met := line(pkg.Fset, d.Pos), false
		for i, want := range wanted[at] {
			if want.MatchString(d.Message) {
				wanted[at] = append(wanted[at][:i:i], wanted[at][i+1:]...)
				met = true
				break
			}
		}
		if !met {
			t.Errorf("%s: refused and not wanted: %s", at, d.Message)
		}
	}
	for at, left := range wanted {
		for _, want := range left {
			t.Errorf("%s: wanted and not refused: %s", at, want)
		}
	}
}

func line(fset *token.FileSet, pos token.Pos) string {
	p := fset.Position(pos)
	return filepath.Base(p.Filename) + ":" + strconv.Itoa(p.Line)
}

var backquoted = regexp.MustCompile("`([^`]+)`")

func patterns(t *testing.T, at string, comment *ast.Comment) (all []*regexp.Regexp) {
	t.Helper()
	_, text, ok := strings.Cut(comment.Text, "// want ")
	if !ok {
		return nil
	}
	for _, m := range backquoted.FindAllStringSubmatch(text, -1) {
		all = append(all, regexp.MustCompile(m[1]))
	}
	if len(all) == 0 {
		t.Fatalf("%s: no pattern in backquotes", at)
	}
	return all
}
