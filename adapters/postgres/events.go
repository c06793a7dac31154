package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Events implements ports.Events.
type Events struct{ d *Database }

var _ ports.Events = (*Events)(nil)

// NewEvents returns the events kept in d.
func NewEvents(d *Database) *Events { return &Events{d} }

// AddEvents implements ports.EventWriter.
func (s *Events) AddEvents(ctx context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
	events := in.Events
	if len(events) == 0 {
		return nil, nil
	}
	if lane := s.d.lanes.occurred; lane != nil && in.Idempotency == nil && len(events) <= mostShared {
		stored, err := lane.Do(ctx, &addEvents{events})
		if !errors.Is(err, errAlone) {
			return stored, translate(ctx, err)
		}
	}
	return s.d.addEvents(ctx, events, in.Idempotency)
}

// mostErasures bounds how often events lose to erasures of those who are in
// them: many at once, where somebody cleans up.
const mostErasures = 100

// addEvents adds them by themselves.
func (d *Database) addEvents(ctx context.Context, events []domain.Event, key *ports.Idempotency) ([]ports.Outcome, error) {
	batch := columnsOf(events)
	for attempt := 1; ; attempt++ {
		stored, err := once(ctx, d, key, func(db sqlcheck.DB) ([]ports.Outcome, error) {
			rows, err := eventsInsert.All(ctx, db, batch)
			return outcomes(rows), err
		})
		switch {
		case err == nil:
			return stored, nil
		case code(err) == foreignKeyViolation && attempt < mostErasures:
			// An organization or user was removed after the statement had looked:
			// it looks again, and leaves that one's events out.
		case withoutPartition(err) && attempt < mostAttempts:
			if err := d.makePartitions(ctx, months(events)); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

// withoutPartition reports whether err is that the month of an event has no
// partition: a check violation of no constraint.
func withoutPartition(err error) bool { return code(err) == checkViolation && constraint(err) == "" }

// months are the first instants of the months in which events occurred.
func months(events []domain.Event) []time.Time {
	var all []time.Time
	seen := map[time.Time]bool{}
	for _, event := range events {
		first := monthOf(event.OccurredAt, 0)
		if !seen[first] {
			seen[first] = true
			all = append(all, first)
		}
	}
	return all
}

func columnsOf(events []domain.Event) insertEvents {
	var batch insertEvents
	for _, event := range events {
		batch.IDs = append(batch.IDs, event.ID)
		batch.Organizations = append(batch.Organizations, event.Organization)
		batch.Users = append(batch.Users, event.User)
		batch.Kinds = append(batch.Kinds, event.Kind.String())
		batch.Times = append(batch.Times, event.OccurredAt)
		batch.Payloads = append(batch.Payloads, payload(event.Payload))
	}
	return batch
}

// payload is null where there is none.
func payload(p domain.Payload) json.RawMessage {
	if p.IsZero() {
		return nil
	}
	return json.RawMessage(p.String())
}

func outcomes(rows []outcomeRow) []ports.Outcome {
	all := make([]ports.Outcome, len(rows))
	for i, row := range rows {
		all[i] = row.outcome()
	}
	return all
}

func (r outcomeRow) outcome() ports.Outcome {
	switch {
	case !r.Organization:
		return ports.UnknownOrganization
	case !r.User:
		return ports.UnknownUser
	case r.Stored:
		return ports.Accepted
	default:
		return ports.Duplicate
	}
}
