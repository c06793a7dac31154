package postgres

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// mostShared is how many events a request may have that shares its statement
// with others: one with more would keep them waiting.
const mostShared = 100

// addEvents is a caller's batch. It is its own key: no two are the same.
type addEvents struct{ events []domain.Event }

// size is about how many bytes are sent.
func (in *addEvents) size() int {
	size := 0
	for _, event := range in.events {
		size += 64 + len(event.Kind.String()) + len(event.Payload.String())
	}
	return size
}

// eventsTogether adds the events of many requests with one statement. What
// stands in the way of one of them is for that one, by itself, to wait for or
// to mend.
func (d *Database) eventsTogether(ctx context.Context, requests []*addEvents, results []coalesce.Result[[]ports.Outcome]) error {
	if len(requests) == 1 && !d.lanes.alwaysTogether {
		results[0].Value, results[0].Err = d.addEvents(ctx, requests[0].events, nil)
		return nil
	}
	var all []domain.Event
	var p insertShared
	for i, request := range requests {
		all = append(all, request.events...)
		for range request.events {
			p.Requests = append(p.Requests, int32(i)) //nolint:gosec // few share a statement
		}
	}
	c := columnsOf(all)
	p.IDs, p.Organizations, p.Users, p.Kinds, p.Times, p.Payloads = c.IDs, c.Organizations, c.Users, c.Kinds, c.Times, c.Payloads
	rows, err := write(ctx, d, func(db sqlcheck.DB) ([]sharedRow, error) { return eventsInsertMany.All(ctx, db, p) })
	switch {
	case err != nil && len(requests) == 1 && ofOne(err):
		results[0].Err = errAlone
		return nil
	case err != nil:
		return err
	}
	for i, request := range requests {
		results[i].Value, results[i].Err = shared(rows[:len(request.events)])
		rows = rows[len(request.events):]
	}
	return nil
}

// shared is what became of the events of one request.
func shared(rows []sharedRow) ([]ports.Outcome, error) {
	all := make([]ports.Outcome, len(rows))
	for i, row := range rows {
		if !row.Free {
			return nil, errAlone
		}
		all[i] = outcomeRow{Organization: row.Organization, User: row.User, Stored: row.Stored}.outcome()
	}
	return all, nil
}
