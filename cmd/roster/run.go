package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitMisuse = 2 // the command line or a setting is wrong: nothing was done
)

// process is what the operating system gives a command.
type process struct {
	args           []string
	environ        []string // KEY=value
	signals        <-chan os.Signal
	stdin          io.Reader
	stdout, stderr io.Writer
}

// session is what a command works with.
type session struct {
	process
	log *slog.Logger
	// flags are those of the command that runs.
	flags []*flags.Flag
	// force is done when whoever waits for the end loses patience: then a
	// command leaves off at once.
	force context.Context
	// serving makes an error a line of the log, for what collects the log.
	serving bool
}

// run is the whole program: it does what the arguments say and returns the
// exit code.
func run(p process) int {
	s := &session{process: p, log: slog.New(slog.DiscardHandler)}
	ctx, release := s.heed(p.signals)
	defer release()
	err := s.execute(ctx)
	if err == nil {
		return exitDone
	}
	s.report(ctx, err)
	if _, misuse := errors.AsType[*misuseError](err); misuse {
		return exitMisuse
	}
	return exitFailed
}

func (s *session) report(ctx context.Context, err error) {
	if s.serving && s.log.Enabled(ctx, slog.LevelError) {
		s.log.ErrorContext(ctx, "Roster failed", "error", err)
		return
	}
	_, _ = fmt.Fprintf(s.stderr, "roster: %v\n", err) // there is nowhere to report that stderr is gone
}

// misuseError is an error of whoever typed the command or set the variables.
type misuseError struct{ cause error }

// Error implements error.
func (e *misuseError) Error() string { return e.cause.Error() }

// Unwrap returns the cause.
func (e *misuseError) Unwrap() error { return e.cause }
