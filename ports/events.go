package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// Outcome is the outcome of one event of a batch.
type Outcome uint8

const (
	// Accepted is an event that was stored.
	Accepted Outcome = iota + 1
	// Duplicate is an event that was stored before, or comes earlier in the batch.
	Duplicate
	// UnknownOrganization is an event that was not stored: its organization does
	// not exist.
	UnknownOrganization
	// UnknownUser is an event that was not stored: its user does not exist or is
	// deleted.
	UnknownUser
)

// EventWriter stores events.
type EventWriter interface {
	// AddEvents stores a batch in one transaction and returns an outcome for
	// each event, in the order of the batch. It stores the others where it can't
	// store one. The error is one that Idempotency names, or that of the store.
	AddEvents(context.Context, AddEvents) ([]Outcome, error)
}

// AddEvents is a batch of events.
type AddEvents struct {
	// Within, unless it is zero, is the organization of a bound caller. Other
	// organizations do not exist for it, nor do users who are no members.
	Within domain.OrganizationID
	Events []domain.Event
	// Idempotency, unless nil, lets the command be repeated safely.
	Idempotency *Idempotency
}

// Events is everything that a store does for events.
type Events interface {
	EventWriter
	EngagementReader
}
