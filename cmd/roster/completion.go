package main

import (
	"context"
	"slices"

	"github.com/roster-directory/roster/cmd/roster/completion"
	"github.com/roster-directory/roster/cmd/roster/flags"
)

// completionCommand prints a script for a shell.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Shell of the script: bash, zsh or fish."`
}

// Help implements runner.
func (completionCommand) Help() string {
	return `The script completes the names of commands, flags, folders and files.

Examples:

	source <(roster completion bash)      # in ~/.bashrc
	source <(roster completion zsh)       # in ~/.zshrc, after compinit
	roster completion fish | source       # in config.fish`
}

// Run prints the script.
func (c *completionCommand) Run(_ context.Context, s *session) error {
	return printf(s.stdout, "%s", completion.Script(c.Shell, newCommands().completed(nil)))
}

// completed describes the command and those within it. outer are the flags of the
// groups around it.
func (c *command) completed(outer []*flags.Flag) completion.Command {
	out := completion.Command{Name: c.name, Help: c.help, Flags: slices.Concat(outer, flagsOf(c.own()))}
	for _, inner := range c.commands {
		if !inner.hidden {
			out.Commands = append(out.Commands, inner.completed(out.Flags))
		}
	}
	if i := slices.IndexFunc(out.Commands, func(inner completion.Command) bool { return inner.Name == helpName }); i >= 0 {
		out.Commands[i].Commands = namesOf(out.Commands)
	}
	return out
}

// namesOf returns the commands as the command help takes them: without flags, and
// without itself.
func namesOf(commands []completion.Command) []completion.Command {
	var out []completion.Command
	for _, c := range commands {
		if c.Name != helpName {
			out = append(out, completion.Command{Name: c.Name, Help: c.Help, Commands: namesOf(c.Commands)})
		}
	}
	return out
}
