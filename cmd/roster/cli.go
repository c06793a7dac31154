package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/logging"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// documented is a struct whose fields are flags and arguments.
type documented interface {
	// Help returns the text of --help, with examples.
	Help() string
}

// runner is a command that runs.
type runner interface {
	documented
	Run(ctx context.Context, s *session) error
}

// flagsOf returns the flags and arguments of a command.
func flagsOf(config documented) []*flags.Flag { return flags.Of(config, settings.Help) }

// execute runs the command of the arguments.
func (s *session) execute(ctx context.Context) error {
	environ := parseEnvironment(s.environ)
	commands := newCommands()
	known := commands.variables() // before parse, since it sets all flags to their defaults
	args, help := helpAsked(s.args)
	call, err := commands.parse(nil, args, help)
	if errors.Is(err, flags.ErrHelp) {
		return call.printHelp(s.stdout)
	}
	if err == nil {
		err = flags.Resolve(call.flags, environ)
	}
	if err != nil {
		return &usageError{fmt.Errorf("%w\nSee %s --help", err, call.path)}
	}
	options := commands.config.(*globalOptions).Log
	if s.log, err = newLogger(options, s.stderr, environ); err != nil {
		return &usageError{err}
	}
	s.textLog = options.Format == logging.Text || options.Format == logging.Auto && isTerminal(s.stderr)
	for _, warning := range unknownVariables(environ, known) {
		s.log.WarnContext(ctx, warning)
	}
	if slices.ContainsFunc(call.flags, func(f *flags.Flag) bool { return f.Variable == "DATABASE_URL" }) {
		for _, warning := range variablesOfPostgres(environ) {
			s.log.WarnContext(ctx, warning)
		}
	}
	s.flags = call.flags
	return call.command.run.Run(ctx, s)
}

// call is the command that the arguments name.
type call struct {
	path    string // the names of the command and its groups, such as "roster migrate up"
	command *command
	flags   []*flags.Flag
}

// parse reads the arguments of a command, which has the outer flags besides its
// own. With help, they only name the command whose help is shown. If there is an
// error, call is the innermost command that was recognized.
func (c *command) parse(outer []*flags.Flag, args []string, help bool) (*call, error) {
	call := &call{path: c.name, command: c, flags: slices.Concat(outer, flagsOf(c.own()))}
	if help && len(c.commands) == 0 {
		return call, flags.ErrHelp
	}
	if c.run != nil {
		rest, err := flags.Parse(call.flags, args, false)
		if err != nil {
			return call, err
		}
		return call, setArguments(call.flags, rest)
	}
	rest, err := flags.Parse(call.flags, args, true)
	switch {
	case err != nil:
		return call, err
	case len(rest) == 0 && (outer == nil || help):
		return call, flags.ErrHelp
	case len(rest) == 0:
		return call, fmt.Errorf("missing command: use one of %s", strings.Join(c.visible(), ", "))
	case rest[0] == helpName && outer == nil && !help:
		return c.parse(nil, rest[1:], true)
	}
	at := slices.IndexFunc(c.commands, func(inner *command) bool { return inner.name == rest[0] })
	if at < 0 {
		return call, c.unknown(rest[0])
	}
	inner, err := c.commands[at].parse(call.flags, rest[1:], help)
	inner.path = c.name + " " + inner.path
	return inner, err
}

// unknown is the error of a command that the group does not have.
func (c *command) unknown(name string) error {
	if near := nearest(name, c.visible()); near != "" {
		return fmt.Errorf("unknown command %q; did you mean %q?", name, near)
	}
	return fmt.Errorf("unknown command %q: use one of %s", name, strings.Join(c.visible(), ", "))
}

// setArguments sets the arguments that are no flags.
func setArguments(all []*flags.Flag, args []string) error {
	for _, f := range all {
		if !f.Argument {
			continue
		}
		if len(args) == 0 {
			return fmt.Errorf("missing argument <%s>", f.Name)
		}
		if f.Rest {
			args = []string{strings.Join(args, " ")}
		}
		if err := f.SetArgument(args[0]); err != nil {
			return fmt.Errorf("<%s> %s: %w", f.Name, args[0], err)
		}
		args = args[1:]
	}
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q", args[0])
	}
	return nil
}

// printf writes output of a command.
func printf(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}
