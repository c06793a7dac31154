package main

import (
	"io"
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

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
