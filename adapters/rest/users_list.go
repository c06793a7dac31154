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
	switch _, names := params.exactName(); {
	case names > 0:
		out, err = h.userByName(ctx, request.caller, params, faults)
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
func (h *handlers) userPage(ctx context.Context, request *listUsersRequest, faults error) (*response, error) {
	params := &request.params
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	filter, badFilter := parseUserFilter(params)
	order, badOrder := parseGiven(params.Sort, domain.ParseUserOrder)
	how, badTotal := parseGiven(params.Total, domain.ParseCounting)
	if err := errors.Join(faults, badLimit, badFilter, inParameter(badOrder), inParameter(badTotal)); err != nil {
		return nil, err
	}
	query := usersFingerprint(request.caller, &filter, order)
	after, err := h.cursors.open(ctx, query, params.Cursor)
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
	total, err := countTotal(how, func() (domain.Total, error) {
		return h.users.Count(ctx, request.caller, ports.CountUsers{Filter: filter, How: how})
	})
	if err != nil {
		return nil, err
	}
	out := pageOf(page, params.Fields == 0, userEncoder(params.Fields.orAll()))
	out.total = total
	end := endOf(page, func(last *domain.User) *position { return positionOf(order.Position(*last)) })
	out.link, err = h.cursors.link(ctx, firstPage("/users", request.query), query, end)
	return out, err
}

// userByName lists the user that has an exact name, or none.
func (h *handlers) userByName(ctx context.Context, caller domain.Principal, params *listUsersParams, faults error) (*response, error) {
	username, err1 := parseGiven(params.Username, domain.ParseUsername)
	email, err2 := parseGiven(params.Email, domain.ParseEmail)
	external, err3 := parseGiven(params.ExternalID, domain.ParseExternalID)
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
	found := []domain.User{user}
	switch {
	case errors.Is(err, domain.NotFound):
		found = nil
	case err != nil:
		return nil, err
	}
	return listOf(found, userEncoder(params.Fields.orAll())), nil
}

// exactName is the parameter that names one user exactly, and how many such
// parameters there are.
func (p *listUsersParams) exactName() (name string, count int) {
	for _, each := range []struct{ name, value string }{
		{"external_id", p.ExternalID}, {"email", p.Email}, {"username", p.Username},
	} {
		if each.value != "" {
			name = each.name
			count++
		}
	}
	return name, count
}

// checkMode refuses parameters that can't be combined: exact names and
// changed_since go with few others.
func (p *listUsersParams) checkMode() error {
	others := *p
	others.Fields = 0
	name, count := p.exactName()
	switch {
	case count > 0:
		others.Username, others.Email, others.ExternalID = "", "", ""
		if count > 1 || others != (listUsersParams{}) {
			return invalidParameter(name, domain.ReasonSyntax, "excludes all parameters except fields", "leave the other parameters out")
		}
	case p.ChangedSince != nil:
		others.ChangedSince, others.Limit, others.Cursor = nil, nil, ""
		if others != (listUsersParams{}) {
			return invalidParameter("changed_since", domain.ReasonSyntax, "excludes all parameters except limit, cursor and fields",
				"leave the other parameters out")
		}
	}
	return nil
}
