package rest

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/roster-directory/roster/domain"
)

// draining says whether the process is shutting down.
type draining struct {
	once    sync.Once
	started chan struct{}
	// checked is whether somebody has asked for /readyz, and so may notice a drain.
	checked atomic.Bool
}

func newDraining() *draining { return &draining{started: make(chan struct{})} }

func (d *draining) start() { d.once.Do(func() { close(d.started) }) }

func (d *draining) hasStarted() bool {
	select {
	case <-d.started:
		return true
	default:
		return false
	}
}

// errDraining is the cause of a refusal that every shutdown brings. It is no failure.
var errDraining = errors.New("rest: draining")

// shuttingDown is the error of a request that this process no longer serves.
func shuttingDown() error {
	return &domain.Error{
		Kind: domain.Unavailable, Reason: domain.ReasonUnreachable,
		Detail: "this process is shutting down", Fix: "send the request to another", Err: errDraining,
	}
}
