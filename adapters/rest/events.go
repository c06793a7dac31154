package rest

import (
	"context"
	"errors"
	"strconv"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// AddEvents stores a batch of events and answers with the outcomes.
func (h *handlers) AddEvents(ctx context.Context, request addEventsRequest) (addEventsResponse, error) {
	body, faults := request.read()
	events, err := parseEvents(body.Events, faults != nil)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	outcomes, err := h.activity.AddEvents(ctx, request.caller, app.AddEvents{
		Events: events, Idempotency: request.idempotencyKey.forOperation("addEvents"),
	})
	if err != nil {
		return nil, firstFaults(err)
	}
	out := newResponse()
	out.buf = appendEventsAdded(out.buf, outcomes)
	return addEvents200{out}, nil
}

// parseEvents parses a batch. The error lists the first faults, each under the
// index of its event. Where the body violates the schema, events without any
// field are skipped: their faults are known.
func parseEvents(batch []NewEvent, violated bool) ([]domain.Event, error) {
	events := make([]domain.Event, len(batch))
	var bad []error
	for i := range batch {
		if violated && isBlank(&batch[i]) {
			continue
		}
		var err error
		if events[i], err = parseEvent(&batch[i]); err == nil {
			continue
		}
		if bad = append(bad, domain.Under("events["+strconv.Itoa(i)+"]", err)); len(bad) == maxFaults {
			break
		}
	}
	return events, firstFaults(errors.Join(bad...))
}

// parseEvent parses one event. The use case refuses a time in the future.
func parseEvent(e *NewEvent) (domain.Event, error) {
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

// isBlank reports whether an event has no field: it is no object, or an empty one.
func isBlank(e *NewEvent) bool {
	return e.ID == nil && e.OrganizationID == "" && e.UserID == "" && e.Kind == "" && e.OccurredAt.IsZero() && e.Payload == nil
}

// firstFaults is err with at most maxFaults faults.
func firstFaults(err error) error {
	failures := domain.Failures(err)
	if len(failures) <= maxFaults {
		return err
	}
	first := make([]error, maxFaults)
	for i := range first {
		first[i] = failures[i]
	}
	return errors.Join(first...)
}

// appendEventsAdded counts the outcomes of a batch, and lists the rejected events.
func appendEventsAdded(b []byte, outcomes []ports.Outcome) []byte {
	var count [ports.UnknownUser + 1]int64
	for _, outcome := range outcomes {
		count[outcome]++
	}
	b = strconv.AppendInt(append(b, `{"accepted":`...), count[ports.Accepted], 10)
	b = strconv.AppendInt(append(b, `,"duplicates":`...), count[ports.Duplicate], 10)
	b = append(b, `,"rejected":[`...)
	from := len(b)
	for i, outcome := range outcomes {
		if outcome != ports.UnknownOrganization && outcome != ports.UnknownUser {
			continue
		}
		if len(b) > from {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"index":`...), int64(i), 10)
		if outcome == ports.UnknownOrganization {
			b = append(b, `,"field":"organization_id","detail":"names no organization"}`...)
		} else {
			b = append(b, `,"field":"user_id","detail":"names no user"}`...)
		}
	}
	return append(b, `]}`...)
}
