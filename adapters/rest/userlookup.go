package rest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// LookUpUsers answers with the users of many ids.
func (h *handlers) LookUpUsers(ctx context.Context, request lookUpUsersRequest) (lookUpUsersResponse, error) {
	params, body, faults := request.read()
	ids := make([]domain.UserID, len(body.Ids))
	bad := []error{faults}
	for i, text := range body.Ids {
		var err error
		if ids[i], err = domain.ParseID[domain.User](fmt.Sprintf("ids[%d]", i), text); err != nil && len(bad) <= mostFaults {
			bad = append(bad, err)
		}
	}
	if err := errors.Join(bad...); err != nil {
		return nil, err
	}
	users, err := h.users.GetMany(ctx, request.caller, ids)
	if err != nil {
		return nil, err
	}
	return lookUpUsers200{userList(users, params.Fields)}, nil
}

// ListUserOrganizations answers with the organizations of a user.
func (h *handlers) ListUserOrganizations(ctx context.Context, request listUserOrganizationsRequest) (listUserOrganizationsResponse, error) {
	params, faults := request.read()
	id, badID := userID(request.path.ID)
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	if err := errors.Join(badID, faults, badLimit); err != nil {
		return nil, err
	}
	question := questionOf("listUserOrganizations", id.String())
	after, err := h.cursors.open(ctx, question, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListAffiliations{User: id, Limit: limit}
	if after != nil {
		in.After = &domain.OrganizationPosition{Key: after.key, ID: after.id}
	}
	page, err := h.memberships.OrganizationsOf(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := newAnswer()
	out.buf = appendList(out.buf, page.Items, appendAffiliation)
	next := following(page, func(last *domain.Affiliation) *position {
		return &position{key: last.Organization.Name.String(), id: last.Organization.ID}
	})
	out.link, err = h.cursors.link(ctx, pageOf("/users/"+id.String()+"/organizations", request.query), question, next)
	return listUserOrganizations200{out}, err
}

// changeAt is the change at a position of a list of changes.
func changeAt(p *position) *ports.ChangePosition {
	return &ports.ChangePosition{Change: uint64(p.at.UnixMicro()), ID: p.id} //nolint:gosec // as afterChange wrote it
}

// afterChange is the position of a change.
func afterChange(at ports.ChangePosition) *position {
	return &position{at: time.UnixMicro(int64(at.Change)), id: at.ID} //nolint:gosec // a database makes no 2^63 changes
}
