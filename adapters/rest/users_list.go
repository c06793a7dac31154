package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUsers answers with a page of users, with the user that has an exact name,
// or with what changed.
func (h *handlers) ListUsers(ctx context.Context, request listUsersRequest) (listUsersResponse, error) {
	params, faults := request.read()
	if err := params.checkMode(); err != nil {
		return nil, errors.Join(faults, err)
	}
	var out *response
	var err error
	switch {
	case params.ChangedSince != nil:
		out, err = h.changedUsers(ctx, &request, faults)
	case params.hasName():
		out, err = h.userByName(ctx, &request, faults)
	default:
		out, err = h.userPage(ctx, &request, faults)
	}
	if err != nil {
		return nil, err
	}
	return listUsers200{out}, nil
}

// userPage lists users by their filters.
func (h *handlers) userPage(ctx context.Context, request *listUsersRequest, faults error) (*response, error) {
	params := &request.params
	in, how, err := parseUserList(params)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	query := usersFingerprint(request.caller, &in.Filter, in.Order)
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	if after != nil {
		in.After = &domain.UserPosition{At: after.at, Key: after.key, ID: after.id}
	}
	page, err := h.users.List(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	total, err := countTotal(how, func() (domain.Total, error) {
		return h.users.Count(ctx, request.caller, ports.CountUsers{Filter: in.Filter, How: how})
	})
	if err != nil {
		return nil, err
	}
	out := pageOf(page, params.Fields == 0, userEncoder(params.Fields.orAll()))
	out.total = total
	end := endOf(page, func(last *domain.User) *position { return positionOf(in.Order.Position(*last)) })
	out.link, err = h.cursors.link(ctx, firstPage("users", request.query), query, end)
	return out, err
}

// checkMode refuses what can't be combined with changed_since: the changes of users
// have an order of their own, and no filter applies to users that are deleted.
func (p *listUsersParams) checkMode() error {
	if p.ChangedSince == nil {
		return nil
	}
	others := *p
	others.ChangedSince, others.Limit, others.Cursor, others.Fields = nil, nil, "", 0
	others.dropDefaults()
	if others != (listUsersParams{}) {
		return invalidParameter("changed_since", domain.ReasonSyntax, "excludes all parameters except limit, cursor and fields",
			"leave the other parameters out")
	}
	return nil
}

// dropDefaults removes parameters that have their default value, which generated
// clients send with each request.
func (p *listUsersParams) dropDefaults() {
	if p.Sort == (domain.UserOrder{}).String() {
		p.Sort = ""
	}
	if p.Total == string(domain.CountNone) {
		p.Total = ""
	}
	if p.Deleted == string(domain.WithoutDeleted) {
		p.Deleted = ""
	}
}
