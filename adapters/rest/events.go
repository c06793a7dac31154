package rest

import (
	"context"
	"errors"
	"strconv"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// AddEvents takes in a batch of events and answers with what became of them.
func (h *handlers) AddEvents(ctx context.Context, request addEventsRequest) (addEventsResponse, error) {
	body, faults := request.read()
	events, err := newEvents(body.Events, faults != nil)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	outcomes, err := h.activity.AddEvents(ctx, request.caller, ports.AddEvents{
		Events: events, Idempotency: request.idempotencyKey.command("addEvents"),
	})
	if err != nil {
		return nil, firstFaults(err)
	}
	out := newAnswer()
	out.buf = appendEventsAdded(out.buf, outcomes)
	return addEvents200{out}, nil
}

// newEvents parses a batch. The error lists the first faults, each under its
// place in the batch. Where the body has faults of form, events of which nothing
// could be read are passed over.
func newEvents(batch []NewEvent, misshapen bool) ([]domain.Event, error) {
	events := make([]domain.Event, len(batch))
	var bad []error
	for i := range batch {
		if misshapen && isBlank(&batch[i]) {
			continue
		}
		var err error
		if events[i], err = newEvent(&batch[i]); err == nil {
			continue
		}
		if bad = append(bad, domain.Under("events["+strconv.Itoa(i)+"]", err)); len(bad) == mostFaults {
			break
		}
	}
	return events, firstFaults(errors.Join(bad...))
}

// newEvent parses one event. Whether its time lies ahead is for the use case to say.
func newEvent(e *NewEvent) (domain.Event, error) {
	var event domain.Event
	var err1, err2, err3, err4, err5, err6 error
	if e.ID != nil {
		event.ID, err1 = domain.ParseID[domain.Event]("id", *e.ID)
	}
	event.Organization, err2 = domain.ParseID[domain.Organization]("organization_id", e.OrganizationID)
	event.User, err3 = domain.ParseID[domain.User]("user_id", e.UserID)
	event.Kind, err4 = domain.ParseEventKind(e.Kind)
	event.OccurredAt, err5 = domain.ParseOccurredAt(e.OccurredAt, e.OccurredAt)
	if e.Payload != nil {
		event.Payload, err6 = domain.ParsePayload(e.Payload)
	}
	return event, errors.Join(err1, err2, err3, err4, err5, err6)
}

// isBlank reports whether nothing of an event could be read: it is no object,
// or has none of the members.
func isBlank(e *NewEvent) bool {
	return e.ID == nil && e.OrganizationID == "" && e.UserID == "" && e.Kind == "" && e.OccurredAt.IsZero() && e.Payload == nil
}

// firstFaults is err with as many faults as are worth listing.
func firstFaults(err error) error {
	failures := domain.Failures(err)
	if len(failures) <= mostFaults {
		return err
	}
	first := make([]error, mostFaults)
	for i := range first {
		first[i] = failures[i]
	}
	return errors.Join(first...)
}
