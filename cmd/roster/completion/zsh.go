package completion

import (
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

func zsh(program Command) string {
	commands := all(program, "")
	name := program.Name
	var s script
	s.line("#compdef %s", name)
	s.line("# Completes the commands and flags of %s. Load it in ~/.zshrc, after compinit:\n#\tsource <(%s completion zsh)", name, name)
	s.line("_%s() {", name)
	s.line("\tlocal at=%s word\n\tlocal -a inner options", name)
	s.line("\tfor word in ${words[2,CURRENT-1]}; do")
	s.line("\t\tcase \"$at $word\" in")
	s.line("\t\t%s) at=\"$at $word\" ;;", strings.Join(innerPaths(commands), " | "))
	s.line("\t\tesac\n\tdone")
	s.line("\tcase ${words[CURRENT-1]} in")
	for _, o := range valued(commands) {
		s.line("\t%s) %s return ;;", o.name, zshValues(o.takes))
	}
	s.line("\tesac")
	s.line("\tcase $at in")
	for _, c := range commands {
		s.line("\t%s)", quoted(c.path))
		for _, o := range c.options() {
			s.line("\t\toptions+=(%s)", quoted(o.name+":"+o.help))
		}
		for _, inner := range c.Commands {
			s.line("\t\tinner+=(%s)", quoted(inner.Name+":"+inner.Help))
		}
		if takes := c.argument(); takes.Any() {
			s.line("\t\t[[ ${words[CURRENT]} == -* ]] || { %s return }", zshValues(takes))
		}
		s.line("\t\t;;")
	}
	s.line("\tesac")
	s.line("\tif [[ ${words[CURRENT]} == -* ]]; then _describe -o flag options; else _describe command inner; fi")
	s.line("}\ncompdef _%s %s", name, name)
	return s.String()
}

// zshValues is the command that completes a value.
func zshValues(takes flags.Takes) string {
	switch {
	case len(takes.Choices) > 0:
		return "compadd " + strings.Join(takes.Choices, " ") + ";"
	case takes.Folder:
		return "_files -/;"
	case takes.File:
		return "_files;"
	}
	return ""
}
