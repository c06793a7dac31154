package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// MaxEvents is the most events of one batch.
const MaxEvents = 10_000

// Activity is the service for events, and for reports on them.
type Activity struct {
	store ports.Events
	clock ports.Clock
	ids   ports.IDs
}

// NewActivity makes the service.
func NewActivity(store ports.Events, clock ports.Clock, ids ports.IDs) *Activity {
	return &Activity{store: store, clock: clock, ids: ids}
}

// AddEvents is a batch of 1 to MaxEvents events. One without an ID gets a new one.
type AddEvents struct {
	Events []domain.Event
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// AddEvents stores a batch and returns an outcome for each event, in order. A
// time out of range refuses the batch; the error names each such event
// ("events[3].occurred_at"). It needs the scope write. The error is Denied,
// Invalid, or that of ports.EventWriter.
func (s *Activity) AddEvents(ctx context.Context, caller domain.Principal, in AddEvents) ([]ports.Outcome, error) {
	if err := caller.RequireWithin(domain.ScopeWrite); err != nil {
		return nil, err
	}
	if len(in.Events) == 0 {
		return nil, domain.Missing("events")
	}
	if err := domain.AtMost("events", len(in.Events), MaxEvents); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	batch, err := s.complete(in.Events, now)
	if err != nil {
		return nil, err
	}
	return s.store.AddEvents(ctx, ports.AddEvents{Within: caller.Within, Events: batch, Idempotency: in.Idempotency.command(caller, now)})
}

func (s *Activity) complete(events []domain.Event, now time.Time) ([]domain.Event, error) {
	batch := make([]domain.Event, len(events))
	var faults []error
	for i, event := range events {
		at, err := domain.ParseOccurredAt(event.OccurredAt, now)
		if err != nil {
			faults = append(faults, domain.Under(fmt.Sprintf("events[%d]", i), err))
		}
		event.OccurredAt = at
		if event.ID.IsZero() {
			event.ID = s.ids.NewID()
		}
		batch[i] = event
	}
	return batch, errors.Join(faults...)
}
