package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// Outcome is what became of one event of a batch.
type Outcome uint8

const (
	// Accepted is an event that was stored.
	Accepted Outcome = iota + 1
	// Duplicate is an event that was stored before, or stands earlier in the batch.
	Duplicate
	// UnknownOrganization is an event that was left out: its organization does
	// not exist.
	UnknownOrganization
	// UnknownUser is an event that was left out: its user does not exist or is
	// deleted.
	UnknownUser
)

// EventWriter takes in events.
type EventWriter interface {
	// AddEvents stores a batch in one transaction and returns an outcome for
	// each event, in the batch's order. One event that can't be stored does
	// not keep the others out. The error is one that Idempotency names, or
	// that of the store.
	AddEvents(context.Context, AddEvents) ([]Outcome, error)
}

// AddEvents is a batch of events.
type AddEvents struct {
	Events []domain.Event
	// Idempotency, unless nil, makes a repeated command one.
	Idempotency *Idempotency
}

// Events is all that a store does for events.
type Events interface {
	EventWriter
	EngagementReader
}
