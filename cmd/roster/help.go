package main

import (
	"io"
	"slices"
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

// helpName is the name of the command that shows the help of another.
const helpName = "help"

// helpConfig is the command help, which takes the names of a command.
type helpConfig struct{}

// Help implements documented.
func (helpConfig) Help() string {
	return "Examples:\n\n\troster help serve\n\troster help migrate up"
}

// helpAsked removes the flags --help and -h, which may stand anywhere before --, and
// reports whether there were any. The flag --version becomes the command.
func helpAsked(args []string) (rest []string, asked bool) {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	for _, arg := range args[:end] {
		if arg == "--help" || arg == "-h" {
			asked = true
			continue
		}
		rest = append(rest, arg)
	}
	rest = append(rest, args[end:]...)
	if len(rest) > 0 && rest[0] == "--version" {
		rest[0] = "version"
	}
	return rest, asked
}

// printHelp writes the help of the command.
func (c *call) printHelp(w io.Writer) error {
	var text strings.Builder
	usage := ""
	if c.command.run == nil {
		usage = " <command>"
	}
	for _, f := range c.flags {
		if f.Argument {
			usage += " <" + f.Name + ">"
		}
	}
	text.WriteString("Usage: " + c.path + usage + " [flags]\n")
	paragraphs(&text, c.command.help+"\n\n"+c.command.own().Help())
	arguments(&text, c.flags)
	flags.Describe(&text, c.flags)
	if c.path == "roster" {
		text.WriteString("\nVersion:\n")
		flags.Line(&text, "--version", "Print the version, as roster version does.")
	}
	c.command.list(&text, c.path)
	return printf(w, "%s", text.String())
}

// paragraphs writes text in wrapped lines, and indented lines unchanged.
func paragraphs(text *strings.Builder, prose string) {
	for paragraph := range strings.SplitSeq(prose, "\n\n") {
		text.WriteString("\n")
		if code, indented := strings.CutPrefix(paragraph, "\t"); indented {
			text.WriteString("    " + strings.ReplaceAll(code, "\n\t", "\n    ") + "\n")
			continue
		}
		text.WriteString(flags.Wrap(paragraph, 0) + "\n")
	}
}

func arguments(text *strings.Builder, all []*flags.Flag) {
	heading := "\nArguments:\n"
	for _, f := range all {
		if f.Argument {
			text.WriteString(heading)
			flags.Line(text, "<"+f.Name+">", f.Help)
			heading = ""
		}
	}
}

// list writes the commands of the group.
func (c *command) list(text *strings.Builder, path string) {
	if len(c.commands) == 0 {
		return
	}
	text.WriteString("\nCommands:\n")
	for _, inner := range c.commands {
		if !inner.hidden {
			flags.Line(text, inner.name, inner.help)
		}
	}
	text.WriteString("\nRun \"" + path + " <command> --help\" for more information on a command.\n")
}
