package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

// helper is a struct of flags and arguments, as the package flags reads them.
type helper interface {
	// Help returns what is to be said beyond one line, with examples.
	Help() string
}

// runner is a command's struct.
type runner interface {
	helper
	// Run does it.
	Run(ctx context.Context, s *session) error
}

// execute does what the arguments say.
func (s *session) execute(ctx context.Context) error {
	environ := variables(s.environ)
	commands := newCommands()
	known := commands.variables() // before the flags are set: reading them sets defaults
	call, err := commands.parse(nil, s.args)
	if errors.Is(err, flags.ErrHelp) {
		return call.describe(s.stdout)
	}
	if err == nil {
		err = flags.Resolve(call.flags, environ)
	}
	if err != nil {
		return &misuseError{fmt.Errorf("%w\nSee %s --help", err, call.path)}
	}
	if s.log, err = newLogger(commands.config.(*everyCommand).Log, s.stderr, environ); err != nil {
		return &misuseError{err}
	}
	for _, warning := range unknown(environ, known) {
		s.log.WarnContext(ctx, warning)
	}
	s.flags = call.flags
	return call.command.run.Run(ctx, s)
}

// call is what the arguments ask for.
type call struct {
	path    string // the names typed, from "roster" on
	command *command
	flags   []*flags.Flag
}

// parse reads the arguments of a command that has the flags given beside its
// own. Where there is an error, the call says how far it came.
func (c *command) parse(outer []*flags.Flag, args []string) (*call, error) {
	call := &call{path: c.name, command: c, flags: slices.Concat(outer, flags.Of(c.own()))}
	if c.run != nil {
		rest, err := flags.Parse(call.flags, args, false)
		if err != nil {
			return call, err
		}
		return call, take(call.flags, rest)
	}
	rest, err := flags.Parse(call.flags, args, true)
	switch {
	case err != nil:
		return call, err
	case len(rest) == 0 && outer == nil:
		return call, flags.ErrHelp
	case len(rest) == 0:
		return call, fmt.Errorf("%s wants a command: %s", c.name, c.names())
	}
	at := slices.IndexFunc(c.commands, func(inner *command) bool { return inner.name == rest[0] })
	if at < 0 {
		return call, fmt.Errorf("%s is no command; did you mean %q?", rest[0], nearest(rest[0], c.visible()))
	}
	inner, err := c.commands[at].parse(call.flags, rest[1:])
	inner.path = c.name + " " + inner.path
	return inner, err
}

// take sets the arguments.
func take(all []*flags.Flag, args []string) error {
	for _, f := range all {
		if !f.Argument {
			continue
		}
		if len(args) == 0 {
			return fmt.Errorf("the argument <%s> is missing", f.Name)
		}
		if err := f.Take(args[0]); err != nil {
			return fmt.Errorf("<%s> %s: %w", f.Name, args[0], err)
		}
		args = args[1:]
	}
	if len(args) > 0 {
		return fmt.Errorf("%s is too much", args[0])
	}
	return nil
}

// printf writes a command's answer.
func printf(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}
