package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
)

const (
	// housekeepingPause is how long is waited between two rounds, and
	// housekeepingRetry after one that failed.
	housekeepingPause = time.Hour
	housekeepingRetry = time.Minute
	// monthsAhead is for how many months after the present one there is room
	// for events beforehand.
	monthsAhead = 3
)

// housekeeper makes room for the events of the months to come, and drops those
// of months that need not be kept.
type housekeeper struct {
	events *postgres.Events
	log    *slog.Logger
	// keep is for how many whole months events are kept; 0 is for ever.
	keep int
	now  func() time.Time
}

// start keeps house until the returned function is called, which waits for the end.
func (h *housekeeper) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			wait := housekeepingPause
			if err := h.round(ctx); err != nil && ctx.Err() == nil {
				h.log.WarnContext(ctx, "Housekeeping failed; it is tried again", "error", err, "in", housekeepingRetry)
				wait = housekeepingRetry
			}
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// round does what is to be done now.
func (h *housekeeper) round(ctx context.Context) error {
	now := h.now().UTC()
	if err := h.events.MakePartitions(ctx, now, monthsAhead); err != nil {
		return err
	}
	if h.keep == 0 {
		return nil
	}
	before := time.Date(now.Year(), now.Month()-time.Month(h.keep), 1, 0, 0, 0, 0, time.UTC)
	for {
		dropped, err := h.events.DropPartition(ctx, before)
		if err != nil || dropped == "" {
			return err
		}
		h.log.InfoContext(ctx, "Dropped a month of events", "partition", dropped, "keep", h.keep)
	}
}
