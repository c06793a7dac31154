package postgres

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Events implements ports.Events.
type Events struct {
	eventWrites
	engagementReads
}

// NewEvents returns the events kept in d.
func NewEvents(d *Database) *Events {
	return &Events{eventWrites: newEventWrites(d.pool), engagementReads: newEngagementReads(d.pool)}
}

// eventWrites implements ports.EventWriter.
type eventWrites struct {
	pool *database.Pool
	// Requests of bound callers share no statement with others.
	batcher, bound eventBatcher
}

type eventBatcher = database.Batcher[*addEvents, *addEvents, []ports.Outcome]

func newEventWrites(pool *database.Pool) eventWrites {
	w := eventWrites{pool: pool}
	work := batch.Work[*addEvents, *addEvents, []ports.Outcome]{
		Key: database.Itself[*addEvents], Size: (*addEvents).size, Run: w.addMany, Bisect: database.OfOneRequest,
		Alone: func(ctx context.Context, q *addEvents) ([]ports.Outcome, error) { return w.addAlone(ctx, q, nil) },
	}
	// Of two concurrent batches with events of one organization and day, the second
	// would wait for the rollup.
	limits := database.ManyWrites
	limits.MaxBatches = 1
	w.batcher, w.bound = database.Writes(pool, limits, work), database.Writes(pool, limits, work)
	return w
}

// maxBatchedEvents is the most events of a request that shares its statement. A
// larger request would delay the others.
const maxBatchedEvents = 100

// addEvents is one caller's events. It is its own key: no two are the same.
type addEvents struct {
	events []domain.Event
	within domain.OrganizationID // of a bound caller
}

// size is about how many bytes are sent.
func (q *addEvents) size() int {
	size := 0
	for _, event := range q.events {
		size += 64 + len(event.Kind.String()) + len(event.Payload.String())
	}
	return size
}

// AddEvents implements ports.EventWriter.
func (w eventWrites) AddEvents(ctx context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
	if len(in.Events) == 0 {
		return nil, nil
	}
	q, batcher := &addEvents{in.Events, in.Within}, w.batcher
	if !in.Within.IsZero() {
		batcher = w.bound
	}
	if in.Idempotency == nil && len(in.Events) <= maxBatchedEvents {
		return batcher.Do(ctx, q)
	}
	return w.addAlone(ctx, q, in.Idempotency)
}

// addMany adds the events of many requests with one statement. A request that
// would have to wait for a lock is left out, as are those that fail.
func (w eventWrites) addMany(ctx context.Context, requests []*addEvents, results []batch.Result[[]ports.Outcome]) error {
	rows, err := database.Write(ctx, w.pool, func(db sqlcheck.DB) ([]manyOutcomesRow, error) {
		return eventsInsertMany.All(ctx, db, insertManyEventsOf(requests))
	})
	switch {
	case err != nil && len(requests) == 1 && database.OfOneRequest(err):
		results[0].LeftOut = true
		return nil
	case err != nil:
		return err
	}
	for i, request := range requests {
		results[i] = outcomesOf(rows[:len(request.events)])
		rows = rows[len(request.events):]
	}
	return nil
}

func insertManyEventsOf(requests []*addEvents) (p insertManyEvents) {
	for i, request := range requests {
		p.add(request)
		for range request.events {
			p.Requests = append(p.Requests, int32(i))
		}
	}
	return p
}

// outcomesOf are the outcomes of one request, which is left out as a whole.
func outcomesOf(rows []manyOutcomesRow) batch.Result[[]ports.Outcome] {
	all := make([]ports.Outcome, len(rows))
	for i, row := range rows {
		if !row.Free {
			return batch.Result[[]ports.Outcome]{LeftOut: true}
		}
		all[i] = outcomeRow{Organization: row.Organization, User: row.User, Stored: row.Stored}.outcome()
	}
	return batch.Result[[]ports.Outcome]{Value: all}
}

// maxErasures bounds how often events are added again because their users are erased
// at the same time. A clean-up erases many at once.
const maxErasures = 100

// addAlone adds events with a statement of their own.
func (w eventWrites) addAlone(ctx context.Context, q *addEvents, key *ports.Idempotency) ([]ports.Outcome, error) {
	p := insertEventsOf(q)
	for attempt := 1; ; attempt++ {
		stored, err := once(ctx, w.pool, key, func(db sqlcheck.DB) ([]ports.Outcome, error) {
			rows, err := eventsInsert.All(ctx, db, p)
			return outcomes(rows), err
		})
		switch {
		case err == nil:
			return stored, nil
		case database.Code(err) == database.ForeignKeyViolation && attempt < maxErasures:
			// An organization or user was deleted after the statement's snapshot. The
			// next attempt leaves out its events.
		case withoutPartition(err) && attempt < database.MaxAttempts:
			if err := ensurePartitions(ctx, w.pool, months(q.events)); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

// withoutPartition reports whether err is that the month of an event has no
// partition: a check violation of no constraint.
func withoutPartition(err error) bool {
	return database.Code(err) == database.CheckViolation && database.Constraint(err) == ""
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
