package doctest_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// command is a command of a program, with what its help lists.
type command struct {
	flags    names // with their hyphens
	commands map[string]*command
}

// programs are the programs of the repository with a command line, as their help
// explains it.
func programs(t *testing.T) map[string]*command {
	t.Helper()
	check := filepath.Join(t.TempDir(), "sqlcheck")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", check, "./cmd/sqlcheck")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sqlcheck := &command{flags: names{}, commands: map[string]*command{}}
	for name := range matches(help(t, check, "help"), `(?m)^  ([a-z]+) {2,}`) {
		text := help(t, check, "help", name)
		sqlcheck.commands[name] = &command{flags: flagsOf(text), commands: nil}
	}
	sqlcheck.commands["help"] = &command{flags: names{}, commands: sqlcheck.commands}
	return map[string]*command{"roster": explained(t, program(t)), "sqlcheck": sqlcheck}
}

// explained reads the help of a command of roster, and of those below it.
func explained(t *testing.T, roster string, arguments ...string) *command {
	t.Helper()
	text := help(t, roster, append(arguments, "--help")...)
	c := &command{flags: flagsOf(text), commands: map[string]*command{}}
	if _, list, ok := strings.Cut(text, "\nCommands:\n"); ok {
		for name := range matches(list, `(?m)^  ([a-z]+) {2,}`) {
			c.commands[name] = explained(t, roster, append(arguments[:len(arguments):len(arguments)], name)...)
		}
	}
	return c
}

func help(t *testing.T, program string, arguments ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", program, arguments, err, out)
	}
	return string(out)
}

var flagLine = regexp.MustCompile(`(?m)^\s+(?:-\w, )?(--?)(\[no-\])?([a-z][a-z-]*)`)

func flagsOf(text string) names {
	found := names{"--help": true, "-h": true}
	for _, each := range flagLine.FindAllStringSubmatch(text, -1) {
		found.add(each[1] + each[3])
		if each[2] != "" {
			found.add(each[1]+"no-"+each[3], each[1]+each[2]+each[3])
		}
	}
	return found
}

// check returns what is wrong with the words after a program's name.
func (c *command) check(words []string) string {
	path := ""
	for i, each := range words {
		switch {
		case strings.HasPrefix(each, "-"):
			name, _, _ := strings.Cut(each, "=")
			if !c.flags[name] {
				return "has no flag " + name + c.flags.near(name)
			}
		case len(c.commands) == 0:
			return c.checkFlags(words[i:])
		case c.commands[each] == nil:
			known := names{}
			for name := range c.commands {
				known.add(name)
			}
			return "has no command" + path + " " + each + known.near(each)
		default:
			c, path = c.commands[each], path+" "+each
		}
	}
	return ""
}

// checkFlags looks at the flags among arguments.
func (c *command) checkFlags(words []string) string {
	for _, each := range words {
		name, _, _ := strings.Cut(each, "=")
		if strings.HasPrefix(each, "-") && !c.flags[name] {
			return "has no flag " + name + c.flags.near(name)
		}
	}
	return ""
}
