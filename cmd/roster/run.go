package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

// The exit codes.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2 // the command line or a setting is wrong, and nothing was done
	exitRejected = 3 // an import has rejected lines
)

// process is what the operating system gives a command.
type process struct {
	program        string // as it was typed; empty in tests
	args           []string
	environ        []string // KEY=value
	signals        <-chan os.Signal
	stdin          io.Reader
	stdout, stderr io.Writer
}

// session is the environment of a command that runs.
type session struct {
	process
	log *slog.Logger
	// flags are the flags of the command.
	flags []*flags.Flag
	// force ends at the second signal: then the command stops at once.
	force context.Context
	// batchTimeout is how long a batch of requests may take; 0 is the default.
	batchTimeout time.Duration
	// volatile is whether the data of the embedded server may be lost.
	volatile bool
	// serving is whether the command is serve: an error is logged instead of printed,
	// and no embedded server is joined.
	serving bool
	// textLog is whether the log is for people.
	textLog bool
}

// run is the whole program: it runs the command of the arguments and returns the
// exit code.
func run(p process) int {
	s := &session{process: p, log: slog.New(slog.DiscardHandler)}
	ctx, release := s.watchSignals(p.signals)
	defer release()
	err := s.execute(ctx)
	if err == nil {
		return exitDone
	}
	s.report(ctx, err)
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*rejectedError](err); ok {
		return exitRejected
	}
	return exitFailed
}

func (s *session) report(ctx context.Context, err error) {
	if s.serving && s.log.Enabled(ctx, slog.LevelError) {
		s.log.ErrorContext(ctx, "Roster failed", "error", err)
		return
	}
	_, _ = fmt.Fprintf(s.stderr, "roster: %v\n", err) // a closed stderr can't be reported
}

// usageError is an error in the command line or in a setting.
type usageError struct{ cause error }

// Error implements error.
func (e *usageError) Error() string { return e.cause.Error() }

// Unwrap returns the cause.
func (e *usageError) Unwrap() error { return e.cause }
