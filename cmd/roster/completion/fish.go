package completion

import (
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

func fish(program Command) string {
	commands := all(program, "")
	name := program.Name
	var s script
	s.line("# Completes the commands and flags of %s. Load it in config.fish:\n#\t%s completion fish | source", name, name)
	s.line("function __%s_at", name)
	s.line("\tset -l at %s", name)
	s.line("\tfor word in (commandline -opc)[2..-1]")
	s.line("\t\tswitch \"$at $word\"")
	s.line("\t\t\tcase %s", strings.Join(innerPaths(commands), " "))
	s.line("\t\t\t\tset at \"$at $word\"")
	s.line("\t\tend\n\tend\n\ttest \"$at\" = \"$argv\"\nend")
	s.line("complete -c %s -f", name)
	for _, c := range commands {
		at := "complete -c " + name + " -n " + quoted("__"+name+"_at "+c.path)
		for _, inner := range c.Commands {
			s.line("%s -a %s -d %s", at, inner.Name, quoted(inner.Help))
		}
		if takes := c.argument(); takes.Any() {
			s.line("%s%s", at, strings.Replace(fishValues(takes), " -x", "", 1))
		}
		for _, o := range c.options() {
			s.line("%s -l %s%s -d %s", at, strings.TrimPrefix(o.name, "--"), fishValues(o.takes), quoted(o.help))
		}
	}
	return s.String()
}

// fishValues are the flags of complete for a value.
func fishValues(takes flags.Takes) string {
	switch {
	case len(takes.Choices) > 0:
		return " -x -a " + quoted(strings.Join(takes.Choices, " "))
	case takes.Folder:
		return " -x -a '(__fish_complete_directories)'"
	case takes.File:
		return " -r -F"
	case takes.Any():
		return " -x"
	}
	return ""
}
