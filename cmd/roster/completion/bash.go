package completion

import (
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

func bash(program Command) string {
	commands := all(program, "")
	name := program.Name
	var s script
	s.line("# Completes the commands and flags of %s. Load it in ~/.bashrc:\n#\tsource <(%s completion bash)", name, name)
	s.line("_%s() {", name)
	s.line("\tlocal at=%s word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} i inner= options=", name)
	s.line("\t# readline splits --flag=value at the equals sign.")
	s.line("\tif [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi")
	s.line("\tCOMPREPLY=()")
	s.line("\tfor ((i = 1; i < COMP_CWORD; i++)); do")
	s.line("\t\tcase \"$at ${COMP_WORDS[i]}\" in")
	s.line("\t\t%s) at=\"$at ${COMP_WORDS[i]}\" ;;", strings.Join(innerPaths(commands), " | "))
	s.line("\t\tesac\n\tdone")
	s.line("\tcase $before in")
	for _, o := range valued(commands) {
		s.line("\t%s) %s return ;;", o.name, bashValues(o.takes))
	}
	s.line("\tesac")
	s.line("\tcase $at in")
	for _, c := range commands {
		s.line("\t%s)", quoted(c.path))
		s.line("\t\toptions=%s", quoted(strings.Join(names(c.options()), " ")))
		if inner := innerNames(c.Command); inner != "" {
			s.line("\t\tinner=%s", quoted(inner))
		} else if takes := c.argument(); takes.Any() {
			s.line("\t\t[[ $word == -* ]] || { %s return; }", bashValues(takes))
		}
		s.line("\t\t;;")
	}
	s.line("\tesac")
	s.line("\t[[ $word == -* ]] && inner=$options")
	s.line("\tCOMPREPLY=($(compgen -W \"$inner\" -- \"$word\"))")
	s.line("}\ncomplete -F _%s %s", name, name)
	return s.String()
}

// bashValues is the command that completes a value.
func bashValues(takes flags.Takes) string {
	// Names of files may have spaces. The Bash of macOS, 3.2, has no mapfile.
	const files = "compopt -o filenames 2>/dev/null; local IFS=$'\\n'; "
	switch {
	case len(takes.Choices) > 0:
		return "COMPREPLY=($(compgen -W " + quoted(strings.Join(takes.Choices, " ")) + " -- \"$word\"));"
	case takes.Folder:
		return files + "COMPREPLY=($(compgen -d -- \"$word\"));"
	case takes.File:
		return files + "COMPREPLY=($(compgen -f -- \"$word\"));"
	}
	return ""
}

func names(options []option) []string {
	var all []string
	for _, o := range options {
		all = append(all, o.name)
	}
	return all
}

func innerNames(c Command) string {
	var all []string
	for _, inner := range c.Commands {
		all = append(all, inner.Name)
	}
	return strings.Join(all, " ")
}
