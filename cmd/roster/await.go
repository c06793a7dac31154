package main

import (
	"context"
	"fmt"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

const (
	// retryPause is the pause between two attempts to reach the database.
	retryPause = 200 * time.Millisecond
	// silentWait is how long an attempt may take before the log says what is waited for.
	silentWait = time.Second
)

// await asks the database until it answers, and returns the answer's error. It asks
// again after failures that time may end, as long as the setting allows. All others
// end it at once.
func (s *session) await(ctx context.Context, url string, config settings.Database, ask func(context.Context) error) error {
	waiting, cancel := context.WithTimeout(ctx, config.Wait)
	defer cancel()
	address := settings.Redact(url)
	silent := time.AfterFunc(silentWait, func() {
		s.log.WarnContext(ctx, "Waiting for the database", "database", address)
	})
	defer silent.Stop()
	// The first attempt may take as long as a connection may; the others end with the wait.
	err := ask(ctx)
	for first := true; err != nil && connect.Transient(err); first = false {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case waiting.Err() != nil:
			return fmt.Errorf("the database %s did not answer within %s: %w", address, config.Wait, withCure(err))
		}
		if first {
			silent.Stop()
			s.log.WarnContext(ctx, "Waiting for the database", "database", address, "error", connect.Cause(err))
		}
		pause(waiting)
		if again := ask(waiting); again == nil || waiting.Err() == nil {
			err = again
		}
	}
	return err
}

func pause(ctx context.Context) {
	select {
	case <-time.After(retryPause):
	case <-ctx.Done():
	}
}

// withCure returns the cause of a failure to reach the database, and what to do.
func withCure(err error) error {
	cause := connect.Cause(err)
	if cure := connect.Cure(err); cure != "" {
		return fmt.Errorf("%w: %s", cause, cure)
	}
	return cause
}

// refusal explains why the database can't be used, if its error says so.
func refusal(url string, err error) error {
	if err == nil || connect.Transient(err) || connect.Cure(err) == "" {
		return err
	}
	return fmt.Errorf("the database %s refuses Roster: %w", settings.Redact(url), withCure(err))
}
