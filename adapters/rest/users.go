package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUsers answers with a page of users, with one that is looked up by an
// exact name, or with what changed.
func (h *handlers) ListUsers(ctx context.Context, request listUsersRequest) (listUsersResponse, error) {
	params, faults := request.read()
	if err := params.checkMode(); err != nil {
		return nil, errors.Join(faults, err)
	}
	var out *answer
	var err error
	switch _, lookups := params.lookup(); {
	case lookups > 0:
		out, err = h.oneUserList(ctx, request.caller, params, faults)
	case params.ChangedSince != nil:
		out, err = h.changedUsers(ctx, &request, faults)
	default:
		out, err = h.userPage(ctx, &request, faults)
	}
	if err != nil {
		return nil, err
	}
	return listUsers200{out}, nil
}

// userPage lists users by their filters.
func (h *handlers) userPage(ctx context.Context, request *listUsersRequest, faults error) (*answer, error) {
	params := &request.params
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	filter, badFilter := userFilter(params)
	order, badOrder := given(params.Sort, domain.ParseUserOrder)
	how, badTotal := given(params.Total, domain.ParseCounting)
	if err := errors.Join(faults, badLimit, badFilter, inParameter(badOrder), inParameter(badTotal)); err != nil {
		return nil, err
	}
	question := userQuestion(&filter, order)
	after, err := h.cursors.open(ctx, question, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListUsers{Filter: filter, Order: order, Limit: limit}
	if after != nil {
		in.After = &domain.UserPosition{At: after.at, Key: after.key, ID: after.id}
	}
	page, err := h.users.List(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	total, err := totalOf(how, func() (domain.Total, error) {
		return h.users.Count(ctx, request.caller, ports.CountUsers{Filter: filter, How: how})
	})
	if err != nil {
		return nil, err
	}
	out := pageOfAll(page, params.Fields == 0, showing(params.Fields))
	out.total = total
	next := following(page, func(last *domain.User) *position { return placed(order.Position(*last)) })
	out.link, err = h.cursors.link(ctx, pageOf("/users", request.query), question, next)
	return out, err
}

// oneUserList looks a user up by an exact name: a list of one or none.
func (h *handlers) oneUserList(ctx context.Context, caller domain.Principal, params *listUsersParams, faults error) (*answer, error) {
	username, err1 := given(params.Username, domain.ParseUsername)
	email, err2 := given(params.Email, domain.ParseEmail)
	external, err3 := given(params.ExternalID, domain.ParseExternalID)
	if err := errors.Join(faults, inParameter(errors.Join(err1, err2, err3))); err != nil {
		return nil, err
	}
	var user domain.User
	var err error
	switch {
	case params.Username != "":
		user, err = h.users.GetByUsername(ctx, caller, username)
	case params.Email != "":
		user, err = h.users.GetByEmail(ctx, caller, email)
	default:
		user, err = h.users.GetByExternalID(ctx, caller, external)
	}
	if errors.Is(err, domain.NotFound) {
		return userList(nil, params.Fields), nil
	}
	if err != nil {
		return nil, err
	}
	return userList([]domain.User{user}, params.Fields), nil
}

// changedUsers lists what was written since. There is always a next page: what
// is written later is on it.
func (h *handlers) changedUsers(ctx context.Context, request *listUsersRequest, faults error) (*answer, error) {
	params := &request.params
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	if err := errors.Join(faults, badLimit); err != nil {
		return nil, err
	}
	question := questionOf("listUsers: changes", instantText(*params.ChangedSince))
	last, err := h.cursors.open(ctx, question, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListChanges{Since: *params.ChangedSince, Limit: limit}
	if last != nil {
		in.After = changeAt(last)
	}
	page, err := h.users.Changes(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := newAnswer()
	out.buf = appendList(out.buf, page.Items, func(b []byte, c *ports.UserChange) []byte {
		return appendChange(b, &c.User, params.Fields)
	})
	out.link, err = h.cursors.link(ctx, pageOf("/users", request.query), question, afterChange(page.Next))
	return out, err
}

// GetUser answers with one user.
func (h *handlers) GetUser(ctx context.Context, request getUserRequest) (getUserResponse, error) {
	params, faults := request.read()
	id, badID := userID(request.path.ID)
	if err := errors.Join(badID, faults); err != nil {
		return nil, err
	}
	var user domain.User
	var err error
	if params.Deleted == string(domain.WithDeleted) {
		user, err = h.users.GetAny(ctx, request.caller, id)
	} else {
		user, err = h.users.Get(ctx, request.caller, id)
	}
	if err != nil {
		return nil, err
	}
	if request.ifNoneMatch.matches(user.Version) {
		return getUser304{versioned(user.Version, params.Fields != 0)}, nil
	}
	out := versioned(user.Version, params.Fields != 0)
	out.buf = appendFields(out.buf, &user, params.Fields)
	return getUser200{out}, nil
}

func userList(users []domain.User, fields fieldSet) *answer {
	a := newAnswer()
	a.buf = appendList(a.buf, users, showing(fields))
	return a
}
