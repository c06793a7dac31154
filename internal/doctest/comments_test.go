package doctest_test

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named are the names in comments whose form says what they are: of the schema,
// of settings, and paths from a folder of the first level.
var named = regexp.MustCompile(`\broster\.[a-z_]+(?:\.[a-z_]+|\*)?|\bROSTER_[A-Z_]*[A-Z]\b` +
	`|\b(?:adapters|app|cmd|docs|domain|internal|migrations|ports)/[\w./-]*[\w/]`)

// Comments of code, too, name what exists.
func TestCommentsNameOnlyWhatExists(t *testing.T) {
	k := everything(t)
	for _, name := range files(t) {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "gen.go") || strings.Contains(name, "/testdata/") {
			continue
		}
		for _, each := range commentsOf(t, name) {
			for _, text := range named.FindAllString(each.text, -1) {
				if fault := k.comment(name, text); fault != "" {
					t.Errorf("%s:%d: %s", name, each.line, fault)
				}
			}
		}
	}
}

func (k *known) comment(file, text string) string {
	switch {
	case strings.HasPrefix(text, "ROSTER_"):
		return k.variable(text)
	case k.bases[text]:
		return ""
	case strings.HasPrefix(text, "roster.") && !strings.HasPrefix(file, "docs/examples/"):
		return k.sql(text)
	case strings.Contains(text, "/"):
		return k.path(file, text)
	}
	return ""
}

// commentsOf are the comments of a file of Go or SQL, and their lines.
func commentsOf(t *testing.T, name string) (found []span) {
	t.Helper()
	switch path.Ext(name) {
	case ".go":
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(root, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range file.Comments {
			for _, each := range group.List {
				found = append(found, span{line: set.Position(each.Pos()).Line, text: each.Text})
			}
		}
	case ".sql":
		line := 0
		for each := range strings.Lines(read(t, name)) {
			line++
			if _, comment, ok := strings.Cut(each, "-- "); ok {
				found = append(found, span{line: line, text: comment})
			}
		}
	}
	return found
}

func TestNamesInCommentsAreLookedAt(t *testing.T) {
	k := everything(t)
	for comment, want := range map[string]string{
		"keeps roster.user_words":          "the schema has no roster.user_words",
		"of ROSTER_POOL_MAX":               "there is no setting ROSTER_POOL_MAX",
		"see internal/doctests.":           "there is no internal/doctests; did you mean internal/doctest?",
		"keeps roster.users.search":        "",
		"empties roster.staging_*":         "",
		"of ROSTER_LOG, see docs/adr":      "",
		"the page and its roster.svg, too": "",
	} {
		got := ""
		for _, text := range named.FindAllString(comment, -1) {
			got += k.comment("domain/user.go", text)
		}
		if want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", comment, got, want)
		}
	}
}
