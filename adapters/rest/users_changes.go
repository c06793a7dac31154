package rest

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// changedUsers lists the users that were written since a time. There is always
// a next page, for later writes.
func (h *handlers) changedUsers(ctx context.Context, request *listUsersRequest, faults error) (*response, error) {
	params := &request.params
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	if err := errors.Join(faults, badLimit); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listUsers: changes", instantText(*params.ChangedSince))
	last, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListChanges{Since: *params.ChangedSince, Limit: limit}
	if last != nil {
		in.After = changePosition(last)
	}
	page, err := h.users.Changes(ctx, request.caller, in)
	if err != nil {
		return nil, invalidQuery(err)
	}
	out := listOf(page.Items, func(b []byte, c *ports.UserChange) []byte { return appendChange(b, &c.User, params.Fields.orAll()) })
	out.link, err = h.cursors.link(ctx, firstPage("users", request.query), query, positionOfChange(page.Next))
	return out, err
}

// A position of a list of changes keeps the number of the change in at, in microseconds,
// and the timeline and the last change seen in key.

func positionOfChange(p ports.ChangePosition) *position {
	key := string(binary.BigEndian.AppendUint64(p.Timeline[:], p.Seen))
	return &position{at: time.UnixMicro(int64(p.Change)), id: p.ID, key: key} //nolint:gosec // transactions are under 1<<63
}

// changePosition reads a position. Cursors of before timelines have no key.
func changePosition(p *position) *ports.ChangePosition {
	out := &ports.ChangePosition{Change: uint64(p.at.UnixMicro()), ID: p.id}
	if key := []byte(p.key); len(key) == len(out.Timeline)+8 {
		out.Timeline, out.Seen = [16]byte(key), binary.BigEndian.Uint64(key[len(out.Timeline):])
	}
	return out
}

// appendChange appends a user as a list of changes shows it. A deleted user
// shows only its tombstone.
func appendChange(b []byte, u *domain.User, fields fieldSet) []byte {
	if !u.DeletedAt.IsZero() {
		fields &= tombstoneFields
	}
	return appendUser(b, u, fields)
}
