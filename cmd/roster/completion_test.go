package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/cmd/roster/completion"
)

// completed runs Bash's completion after the words, of which the last is typed in
// part.
func completed(t *testing.T, dir string, words ...string) []string {
	t.Helper()
	code, script, stderr := roster(t, nil, "completion", "bash")
	if code != 0 {
		t.Fatal(stderr)
	}
	script += fmt.Sprintf("\nCOMP_CWORD=%d\nCOMP_WORDS=(\"$@\")\n_roster\nprintf '%%s\\n' \"${COMPREPLY[@]}\"\n", len(words)-1)
	command := exec.CommandContext(t.Context(), "bash", append([]string{"-uo", "pipefail", "-c", script, "bash"}, words...)...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v: %s", words, err, out)
	}
	found := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(found)
	return found
}

func TestBashCompletesCommandsFlagsAndFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"people", "my people"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "rejects.ndjson"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"roster|": "backup completion config demo engagement erased export help import key log migrate organizations " +
			"restore sample serve token users version webhook",
		"roster|mi":                                "migrate",
		"roster|--log|info|mi":                     "migrate",
		"roster|migrate|":                          "down redo status up verify",
		"roster|migrate|st":                        "status",
		"roster|migrate|up|--database-u":           "--database-url",
		"roster|us":                                "users",
		"roster|users|":                            "add export find hold release restore show suspend",
		"roster|users|find|ada|--statu":            "--status",
		"roster|users|find|--status|":              "active suspended",
		"roster|users|find|--role|":                "admin member owner",
		"roster|users|add|--display":               "--display-name",
		"roster|users|show|ada|--js":               "--json",
		"roster|organizations|":                    "add list members show",
		"roster|organizations|members|x|--role|ow": "owner",
		"roster|organizations|add|--ow":            "--owner",
		"roster|help|users|":                       "add export find hold release restore show suspend",
		"roster|help|mi":                           "migrate",
		"roster|help|migrate|u":                    "up",
		"roster|serve|--no-":                       "--no-migrate",
		"roster|serve|--log":                       "--log --log-format --log-keep",
		"roster|migrate|--he":                      "--help",
		"roster|export|--format|":                  "csv ndjson",
		"roster|export|--format|=|n":               "ndjson",
		"roster|export|--format|=":                 "csv ndjson",
		"roster|completion|":                       "bash fish zsh",
		"roster|import|p":                          "people",
		"roster|import|my":                         "my people",
		"roster|import|--rejects|re":               "rejects.ndjson",
		"roster|serve|--port|":                     "",
		"roster|serve|--data|peo":                  "people",
		"roster|version|":                          "",
		"roster|nonsense|--lo":                     "--log --log-format",
	} {
		if got := strings.Join(completed(t, dir, strings.Split(typed, "|")...), " "); got != want {
			t.Errorf("%s: got %q, want %q", typed, got, want)
		}
	}
}

func TestEveryScriptNamesAllCommandsAndFlags(t *testing.T) {
	t.Parallel()
	scripts := map[string]string{}
	for _, shell := range completion.Shells() {
		code, script, stderr := roster(t, nil, "completion", shell)
		if code != 0 || strings.Contains(script, "docs") {
			t.Fatalf("%s: %d, %s", shell, code, stderr)
		}
		scripts[shell] = script
	}
	var visit func(c *command, path string)
	visit = func(c *command, path string) {
		for _, f := range flagsOf(c.own()) {
			want := map[string]string{"bash": "--" + f.Name, "zsh": "--" + f.Name, "fish": "-l " + f.Name}
			for shell, script := range scripts {
				if f.Takes().Any() && !f.Argument && !strings.Contains(script, want[shell]) {
					t.Errorf("%s: %s has no %s", shell, path, want[shell])
				}
			}
		}
		for _, inner := range c.commands {
			for shell, script := range scripts {
				if !inner.hidden && !strings.Contains(script, "'"+path+" "+inner.name+"'") {
					t.Errorf("%s: %s %s is missing", shell, path, inner.name)
				}
			}
			visit(inner, path+" "+inner.name)
		}
	}
	visit(newCommands(), "roster")
}

func TestQuotesInAHelpTextAreQuoted(t *testing.T) {
	t.Parallel()
	run := completion.Command{Name: "run", Help: `Don't "stop" $(it).`}
	program := completion.Command{Name: "prog", Commands: []completion.Command{run}}
	for _, shell := range []string{"zsh", "fish"} {
		if script := completion.Script(shell, program); !strings.Contains(script, `Don'\''t "stop" $(it).'`) {
			t.Errorf("%s: %s", shell, script)
		}
	}
}
