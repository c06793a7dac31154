package postgres

import (
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// last is the newest transaction below the horizon.
func (r horizonRow) last() uint64 { return uint64(max(r.Oldest-1, 0)) }

// resume returns where a page begins that a cursor asks for. A position of an earlier
// timeline goes back to the last change that both timelines have: the numbers after it
// mean other changes now. The error is that of ports.Lost if the reader has received a
// change that this timeline does not have.
func (r horizonRow) resume(after *ports.ChangePosition) (*ports.ChangePosition, error) {
	if after == nil {
		return nil, nil
	}
	from := *after
	newest := uint64(max(r.Newest, 0))
	named := from.Timeline != [16]byte{}
	if !named { // what the reader has received is unknown
		from.Seen = from.Change
		newest = r.last()
	}
	if r.Standby && (!r.Known || from.Seen > newest) {
		return nil, &domain.Error{
			Kind: domain.Unavailable, Reason: domain.ReasonUnreachable,
			Detail: "this replica of the database lacks changes that the cursor follows", Fix: "try again later",
		}
	}
	if !r.Known || from.Seen > newest || r.Inherited != nil && from.Seen > uint64(*r.Inherited) { //nolint:gosec // it is not negative
		return nil, ports.Lost()
	}
	if limit := r.limit(); from.Change > limit {
		from.Change, from.ID = limit, database.LastID
	}
	if !named {
		from.Seen = min(from.Seen, uint64(max(r.Newest, 0)))
	}
	return &from, nil
}

// limit is the last change after which a cursor may continue.
func (r horizonRow) limit() uint64 {
	if r.Inherited != nil {
		return min(r.last(), uint64(*r.Inherited)) //nolint:gosec // it is not negative
	}
	return r.last()
}
