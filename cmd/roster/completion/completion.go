// Package completion writes scripts with which shells complete the commands and
// flags of a program. The scripts are static: a shell does not run the program.
package completion

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

// Command is a command with all of its flags, and with its commands if it is a group.
type Command struct {
	Name, Help string
	Flags      []*flags.Flag
	Commands   []Command
}

// Shells are the shells that have a script.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// Script returns the script of a shell, which is one of Shells, for a program.
func Script(shell string, program Command) string {
	switch shell {
	case "bash":
		return bash(program)
	case "zsh":
		return zsh(program)
	default:
		return fish(program)
	}
}

// found is a command with its path, such as "roster migrate up".
type found struct {
	path string
	Command
}

// all returns the command and all within it.
func all(c Command, parent string) []found {
	path := strings.TrimPrefix(parent+" "+c.Name, " ")
	commands := []found{{path, c}}
	for _, inner := range c.Commands {
		commands = append(commands, all(inner, path)...)
	}
	return commands
}

// innerPaths returns the paths of all commands within the program, each quoted.
func innerPaths(commands []found) []string {
	var paths []string
	for _, c := range commands[1:] {
		paths = append(paths, quoted(c.path))
	}
	return paths
}

// quoted is a text as a word of a shell. In all three, ' ends such a word, and an
// escaped one may follow it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// option is a way to type a flag.
type option struct {
	name, help string
	takes      flags.Takes
}

// options returns the ways to type the flags of a command.
func (c Command) options() []option {
	options := []option{{name: "--help", help: "Show this help."}}
	for _, f := range c.Flags {
		if f.Argument {
			continue
		}
		options = append(options, option{"--" + f.Name, f.Help, f.Takes()})
		if f.Negatable {
			options = append(options, option{"--no-" + f.Name, f.Help, f.Takes()})
		}
	}
	return options
}

// argument returns what the argument of a command is; nothing if it has none.
func (c Command) argument() flags.Takes {
	for _, f := range c.Flags {
		if f.Argument {
			return f.Takes()
		}
	}
	return flags.Takes{}
}

// valued returns the flags of all commands that need a value, and what each takes.
// A flag has one meaning in all commands.
func valued(commands []found) []option {
	var options []option
	for _, c := range commands {
		for _, o := range c.options() {
			if o.takes.Any() && !slices.ContainsFunc(options, func(known option) bool { return known.name == o.name }) {
				options = append(options, o)
			}
		}
	}
	return options
}

// script is the text of a script.
type script struct{ strings.Builder }

func (s *script) line(format string, args ...any) {
	fmt.Fprintf(s, format+"\n", args...)
}
