package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const released = `openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: string}}}
  /things/{id}:
    delete:
      operationId: deleteThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '204': {description: It is gone.}
`

// edited returns the released contract with one text instead of another.
func edited(t *testing.T, old, current string) string {
	t.Helper()
	if strings.Count(released, old) != 1 {
		t.Fatalf("the contract does not hold %q once", old)
	}
	return strings.Replace(released, old, current, 1)
}

// compare runs the command on a contract and a changelog.
func compare(t *testing.T, current, changelog string) (string, error) {
	t.Helper()
	folder := t.TempDir()
	var paths []string
	for _, text := range []string{released, current, changelog} {
		path := filepath.Join(folder, string(rune('a'+len(paths))))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	var out bytes.Buffer
	err := run(&out, paths)
	return out.String(), err
}

func TestBreakingChangesFail(t *testing.T) {
	removed := released[:strings.Index(released, "  /things/{id}:")]
	for _, c := range []struct{ name, current, want string }{
		{"an operation is removed", removed, "DELETE /things/{id}: "},
		{"a field is removed", edited(t, "{id: {type: string}}}", "{name: {type: string}}}"), "GET /things: "},
		{"a field has another type", edited(t, "{id: {type: string}}}", "{id: {type: integer}}}"), "GET /things: "},
		{"a field becomes optional", edited(t, "required: [id], ", ""), "GET /things: "},
		{"a limit is tighter", edited(t, "maximum: 100", "maximum: 50"), "GET /things: "},
		{"a parameter becomes required", edited(t, "{name: limit, in: query,", "{name: limit, in: query, required: true,"), "GET /things: "},
		{"a parameter is removed", edited(t, "name: limit", "name: size"), "GET /things: "},
		{"a status is removed", edited(t, "'204'", "'200'"), "DELETE /things/{id}: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := compare(t, c.current, "# Changelog\n\n## [Unreleased]\n")
			if err == nil || !strings.Contains(out, c.want) {
				t.Errorf("got %v and %q, want a line with %q", err, out, c.want)
			}
		})
	}
}

func TestCompatibleChangesPass(t *testing.T) {
	for name, current := range map[string]string{
		"nothing changes": released,
		"a looser limit":  edited(t, "maximum: 100", "maximum: 1000"),
		"another field":   edited(t, "{id: {type: string}}}", "{id: {type: string}, name: {type: string}}}"),
		"an optional parameter": edited(t, "parameters:\n        - {name: limit",
			"parameters:\n        - {name: cursor, in: query, schema: {type: string}}\n        - {name: limit"),
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := compare(t, current, ""); err != nil || out != "" {
				t.Errorf("got %v and %q", err, out)
			}
		})
	}
}

func TestTheChangelogAllowsTheChangesItNames(t *testing.T) {
	current := edited(t, "{id: {type: string}}}", "{id: {type: integer}}}")
	const rule = "response-property-type-changed"
	for _, c := range []struct {
		name, changelog string
		allowed         bool
	}{
		{"operation and rule", "\n## [Unreleased]\n\n- Breaking: `GET /things` (" + rule + ")\n", true},
		{"on two lines", "\n## [Unreleased]\n\n- Breaking: `GET\n  /things` (" + rule + ")\n", true},
		{"another operation", "\n## [Unreleased]\n\n- Breaking: `GET /things/{id}` (" + rule + ")\n", false},
		{"no rule", "\n## [Unreleased]\n\n- Breaking: `GET /things`\n", false},
		{"another rule", "\n## [Unreleased]\n\n- Breaking: `GET /things` (" + rule + "-more)\n", false},
		{"not as breaking", "\n## [Unreleased]\n\n- `GET /things` (" + rule + ")\n", false},
		{"of another entry", "\n## [Unreleased]\n\n- Breaking: all\n\n- `GET /things` (" + rule + ")\n", false},
		{"of a past release", "\n## [Unreleased]\n\n## [1.0.0]\n\n- Breaking: `GET /things` (" + rule + ")\n", false},
		{"nothing at all", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := compare(t, current, c.changelog); (err == nil) != c.allowed {
				t.Errorf("got %v and %q", err, out)
			}
		})
	}
}

func TestUnreadableFilesFail(t *testing.T) {
	if out, err := compare(t, "openapi: [", ""); err == nil {
		t.Errorf("a broken contract passed: %q", out)
	}
	for _, args := range [][]string{nil, {"a", "b"}, {"no", "such", "file"}} {
		if err := run(&bytes.Buffer{}, args); err == nil {
			t.Errorf("%q passed", args)
		}
	}
}
