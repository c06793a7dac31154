package main

import (
	"context"
	"fmt"
	"os"
	"sync"
)

// watchSignals returns a context that ends at the first signal, and makes s.force
// end at the second. Call release when the command is done.
func (s *session) watchSignals(signals <-chan os.Signal) (ctx context.Context, release func()) {
	ctx, stop := context.WithCancelCause(context.Background())
	force, stopNow := context.WithCancelCause(context.Background())
	s.force = force
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for _, end := range []context.CancelCauseFunc{stop, stopNow} {
			select {
			case received := <-signals:
				end(&signalError{received})
			case <-done:
				return
			}
		}
	})
	return ctx, func() {
		close(done)
		watch.Wait()
		stop(nil)
		stopNow(nil)
	}
}

// signalError is the cause of a context that a signal ended.
type signalError struct{ signal os.Signal }

// Error implements error.
func (e *signalError) Error() string { return fmt.Sprintf("stopped by the signal %s", e.signal) }
