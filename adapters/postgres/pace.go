package postgres

import (
	"context"
	"time"
)

// pace is how work in the background is divided.
type pace struct {
	// least is the shortest pause between two parts.
	least time.Duration
	// idle is the pause after which it looks for work again.
	idle time.Duration
}

// repeat calls part until ctx ends; part reports whether there was work. It rests as
// long as each part took, so that others get half of the database's time at least. It
// calls failed with each error, and tries again later.
func (p pace) repeat(ctx context.Context, part func(context.Context) (bool, error), failed func(error)) {
	for ctx.Err() == nil {
		began := time.Now()
		found, err := part(ctx)
		pause := max(time.Since(began), p.least)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if err != nil || !found {
			pause = p.idle
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
