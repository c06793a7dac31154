package archtest_test

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roster-directory/roster/internal/archtest"
)

func TestTheTreeKeepsTheHexagon(t *testing.T) {
	for _, violation := range check(t, os.DirFS("../..")) {
		t.Error(violation)
	}
}

func check(t *testing.T, tree fs.FS) []archtest.Violation {
	t.Helper()
	violations, err := archtest.Check(tree)
	if err != nil {
		t.Fatal(err)
	}
	return violations
}

// tree is a module of the files given, each named and followed by its imports.
func tree(files map[string][]string) fstest.MapFS {
	made := fstest.MapFS{
		"go.mod":     {Data: []byte("module example.com/m\n\ngo 1.26\n")},
		".gitignore": {Data: []byte("# made by builds\n/bin/\n*.out\n")},
	}
	for name, imports := range files {
		text := "//go:build sometimes\n\npackage p\n\n"
		for _, each := range imports {
			text += "import _ \"" + each + "\"\n"
		}
		made[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return made
}

func TestImportsAlongTheArrowsAreAllowed(t *testing.T) {
	for file, imports := range map[string][]string{
		"domain/user.go":           {"strings", "time", "net/netip", "golang.org/x/text/unicode/norm"},
		"domain/user_test.go":      {"testing", "example.com/m/domain", "pgregory.net/rapid", "github.com/google/uuid"},
		"ports/users.go":           {"context", "example.com/m/domain"},
		"ports/portsmock/users.go": {"sync", "example.com/m/domain", "example.com/m/ports"},
		"ports/porttest/users.go":  {"testing", "example.com/m/domain", "example.com/m/ports"},
		"app/users.go":             {"context", "example.com/m/domain", "example.com/m/ports"},
		"app/users_test.go":        {"testing", "example.com/m/app", "example.com/m/ports/portsmock"},
		"adapters/postgres/users.go": {
			"github.com/jackc/pgx/v5",
			"github.com/Masterminds/squirrel",
			"example.com/m/ports",
			"example.com/m/adapters/postgres/sqlcheck",
		},
		"adapters/postgres/users_test.go":      {"testing", "example.com/m/ports/porttest", "example.com/m/adapters/postgres/pgtest"},
		"adapters/postgres/sqlcheck/q.go":      {"github.com/Masterminds/squirrel"},
		"adapters/postgres/sqlcheck/x_test.go": {"example.com/m/adapters/postgres/pgtest", "example.com/m/adapters/embedded"},
		"adapters/postgres/pgtest/pg.go":       {"testing", "example.com/m/adapters/embedded"},
		"adapters/postgres/migrate/up.go":      {"database/sql", "github.com/pressly/goose/v3", "example.com/m/migrations"},
		"adapters/embedded/server.go":          {"os", "github.com/jackc/pgx/v5", "example.com/m/adapters/embedded/lastwill"},
		"adapters/rest/ginedge/edge.go":        {"github.com/gin-gonic/gin", "example.com/m/adapters/rest"},
		"cmd/roster/wire.go":                   {"github.com/google/wire", "example.com/m/app", "example.com/m/adapters/postgres"},
		"internal/doctest/readme_test.go":      {"testing", "github.com/jackc/pgx/v5"},
		"docs/examples/main.go":                {"example.com/anything"},
		"docs/examples/go.mod":                 nil,
		"domain/testdata/broken.go":            {"example.com/m/cmd/roster"},
		"bin/cache/x.go":                       {"example.com/m/nowhere"},
		"cover.out":                            nil,
	} {
		t.Run(file, func(t *testing.T) {
			files := map[string][]string{file: imports}
			if strings.HasPrefix(file, "docs/examples/") {
				files["docs/examples/go.mod"] = nil
			}
			for _, violation := range check(t, tree(files)) {
				t.Error(violation)
			}
		})
	}
}

// broken are files that break one rule each.
var broken = map[string]struct{ file, imports, rule string }{
	"domain imports ports":           {"domain/user.go", "example.com/m/ports", "domain imports nothing of Roster's"},
	"a test of domain imports app":   {"domain/user_test.go", "example.com/m/app", "domain imports nothing of Roster's"},
	"ports imports app":              {"ports/users.go", "example.com/m/app", "ports imports only domain"},
	"app imports an adapter":         {"app/users.go", "example.com/m/adapters/postgres", "app imports only domain, ports"},
	"an adapter imports cmd":         {"adapters/rest/api.go", "example.com/m/cmd/roster", "adapters imports only"},
	"migrations import anything":     {"migrations/embed.go", "example.com/m/domain", "migrations imports nothing"},
	"a folder outside the layers":    {"docs/tool/main.go", "example.com/m/domain", "in no layer"},
	"an import of no layer":          {"app/users.go", "example.com/m/docs", "app imports only domain, ports"},
	"adapters import each other":     {"adapters/rest/api.go", "example.com/m/adapters/postgres", "do not import each other"},
	"a test crosses two adapters":    {"adapters/rest/api_test.go", "example.com/m/adapters/postgres", "do not import each other"},
	"a generic adapter knows Roster": {"adapters/postgres/sqlcheck/q.go", "example.com/m/adapters/postgres", "is generic"},
	"batches know Roster":            {"adapters/postgres/batch/batcher.go", "example.com/m/domain", "is generic"},
	"the core knows an aggregate": {
		"adapters/postgres/internal/database/pool.go",
		"example.com/m/adapters/postgres",
		"lies below . in adapters/postgres",
	},
	"rows know the search": {
		"adapters/postgres/internal/rows/users.go",
		"example.com/m/adapters/postgres/search",
		"internal/rows lies below search",
	},
	"the guard takes a library": {"adapters/rest/guard/hosts.go", "github.com/google/uuid", "imports the standard library only"},
	"negotiation knows the API": {
		"adapters/rest/negotiation/accept.go",
		"example.com/m/adapters/rest",
		"negotiation lies below .",
	},
	"a package without a floor":      {"adapters/postgres/extra/x.go", "example.com/m/adapters/postgres/batch", "has no floor"},
	"a generic adapter knows domain": {"adapters/embedded/server.go", "example.com/m/domain", "is generic"},
	"domain takes a context":         {"domain/user.go", "context", "context is not for domain"},
	"domain logs":                    {"domain/user.go", "log/slog", "log/slog is not for domain"},
	"domain reads files":             {"domain/user.go", "os", "os is not for domain"},
	"domain takes a library": {
		"domain/user.go",
		"github.com/google/uuid",
		"domain imports the standard library and golang.org/x/text/unicode/norm only",
	},
	"a port speaks SQL":          {"ports/users.go", "database/sql", "database/sql is not for ports"},
	"a use case speaks HTTP":     {"app/users.go", "net/http", "net/http is not for app"},
	"a use case takes a library": {"app/users.go", "github.com/google/uuid", "app imports the standard library only"},
	"squirrel leaves its adapter": {
		"adapters/rest/api.go",
		"github.com/Masterminds/squirrel",
		"squirrel stays in adapters/postgres",
	},
	"a test elsewhere uses squirrel": {
		"cmd/roster/main_test.go",
		"github.com/Masterminds/squirrel",
		"squirrel stays in adapters/postgres",
	},
	"pgx leaves its adapters": {
		"cmd/roster/main.go",
		"github.com/jackc/pgx/v5/pgxpool",
		"pgx stays in adapters/postgres and adapters/embedded",
	},
	"gin leaves its edge": {
		"adapters/rest/api.go",
		"github.com/gin-gonic/gin/binding",
		"gin stays in adapters/rest/ginedge",
	},
	"JWT leaves its adapter": {
		"adapters/rest/token.go",
		"github.com/golang-jwt/jwt/v5",
		"jwt stays in adapters/oidc",
	},
	"wire leaves cmd": {"adapters/rest/wire.go", "github.com/google/wire", "wire stays in cmd"},
	"goose leaves migrate": {
		"adapters/postgres/open.go",
		"github.com/pressly/goose/v3",
		"goose stays in adapters/postgres/migrate and adapters/postgres/sqlcheck",
	},
	"what ships imports testing":    {"cmd/roster/main.go", "testing", "only tests import it"},
	"what ships imports a mock":     {"cmd/roster/main.go", "example.com/m/ports/portsmock", "only tests import it"},
	"what ships imports a fake web": {"adapters/rest/api.go", "net/http/httptest", "only tests import it"},
}

func TestEachRuleNamesTheFileTheImportAndTheFix(t *testing.T) {
	for name, c := range broken {
		t.Run(name, func(t *testing.T) {
			got := check(t, tree(map[string][]string{c.file: {c.imports}}))
			for _, violation := range got {
				text := violation.String()
				if strings.HasPrefix(text, c.file+":5: imports \""+c.imports+"\"") && strings.Contains(text, c.rule) &&
					strings.Contains(text, "; fix: ") {
					return
				}
			}
			t.Errorf("no violation says %q; got %v", c.rule, got)
		})
	}
}

func TestTheTopLevelHoldsWhatItShould(t *testing.T) {
	got := check(
		t,
		tree(
			map[string][]string{
				"pkg/x.go":       nil,
				"scripts/y.go":   nil,
				"notes.md":       nil,
				"app/utils/z.go": nil,
				"Makefile":       nil,
				".editorconfig":  nil,
			},
		),
	)
	var files []string
	for _, violation := range got {
		files = append(files, violation.File)
	}
	if want := []string{"app/utils", "notes.md", "pkg", "scripts"}; !slices.Equal(files, want) {
		t.Errorf("got %v, want violations of %v", got, want)
	}
	if text := got[1].String(); !strings.HasPrefix(text, "notes.md: the top level holds only domain, ") ||
		!strings.Contains(text, "; fix: move it") {
		t.Errorf("got %q", text)
	}
}

func TestATreeThatCannotBeReadIsAnError(t *testing.T) {
	good := tree(map[string][]string{"domain/user.go": nil})
	for name, change := range map[string]func(fstest.MapFS){
		"without go.mod":        func(m fstest.MapFS) { delete(m, "go.mod") },
		"without a module line": func(m fstest.MapFS) { m["go.mod"] = &fstest.MapFile{Data: []byte("go 1.26\n")} },
		"without .gitignore":    func(m fstest.MapFS) { delete(m, ".gitignore") },
		"with a file not of Go": func(m fstest.MapFS) { m["domain/user.go"] = &fstest.MapFile{Data: []byte("pack age")} },
	} {
		t.Run(name, func(t *testing.T) {
			broken := maps.Clone(good)
			change(broken)
			if violations, err := archtest.Check(broken); err == nil {
				t.Errorf("got %v and no error", violations)
			}
		})
	}
}
