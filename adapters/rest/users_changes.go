package rest

import (
	"context"
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
		in.After = &ports.ChangePosition{Change: uint64(last.at.UnixMicro()), ID: last.id}
	}
	page, err := h.users.Changes(ctx, request.caller, in)
	if err != nil {
		return nil, invalidQuery(err)
	}
	out := listOf(page.Items, func(b []byte, c *ports.UserChange) []byte { return appendChange(b, &c.User, params.Fields.orAll()) })
	end := &position{at: time.UnixMicro(int64(page.Next.Change)), id: page.Next.ID} //nolint:gosec // transactions are under 1<<63
	out.link, err = h.cursors.link(ctx, firstPage("users", request.query), query, end)
	return out, err
}

// appendChange appends a user as a list of changes shows it. A deleted user
// shows only its tombstone.
func appendChange(b []byte, u *domain.User, fields fieldSet) []byte {
	if !u.DeletedAt.IsZero() {
		fields &= tombstoneFields
	}
	return appendUser(b, u, fields)
}
