package rest

import (
	"context"
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// exactNames are the parameters that find one user.
type exactNames struct {
	username domain.Username
	email    domain.Email
	external domain.ExternalID
}

func (p *listUsersParams) hasName() bool {
	return p.Username != "" || p.Email != "" || p.ExternalID != ""
}

func parseExactNames(p *listUsersParams) (exactNames, error) {
	username, err1 := parseGiven(p.Username, domain.ParseUsername)
	email, err2 := parseGiven(p.Email, domain.ParseEmail)
	external, err3 := parseGiven(p.ExternalID, domain.ParseExternalID)
	return exactNames{username, email, external}, inParameter(errors.Join(err1, err2, err3))
}

// userByName lists the user that has the exact names and passes the filters, or none.
// The order and the size of pages do not matter to such a list.
func (h *handlers) userByName(ctx context.Context, request *listUsersRequest, faults error) (*response, error) {
	params := &request.params
	names, badName := parseExactNames(params)
	in, how, err := parseUserList(params)
	if err := errors.Join(faults, badName, err); err != nil {
		return nil, err
	}
	if params.Cursor != "" {
		return nil, badCursor() // the list has one page
	}
	found, err := h.findByName(ctx, request.caller, &names, in.Filter)
	if err != nil {
		return nil, err
	}
	out := listOf(found, userEncoder(params.Fields.orAll()))
	out.total = exactTotal(how, len(found))
	return out, nil
}

// findByName returns the user that has all the names and passes the filter, or none.
func (h *handlers) findByName(ctx context.Context, caller domain.Principal, names *exactNames, filter ports.UserFilter) (
	[]domain.User, error,
) {
	user, err := h.getByName(ctx, caller, names)
	switch {
	case errors.Is(err, domain.NotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !names.areOf(&user):
		return nil, nil
	}
	if filter.Deleted == domain.WithoutDeleted {
		filter.Deleted = ""
	}
	if filter == (ports.UserFilter{}) {
		return []domain.User{user}, nil
	}
	if user.CreatedAt.Before(filter.CreatedFrom) || !filter.CreatedTo.IsZero() && !user.CreatedAt.Before(filter.CreatedTo) {
		return nil, nil
	}
	// The store knows the other filters: the user passes them if it is the first of those
	// that were created in this instant.
	filter.CreatedFrom, filter.CreatedTo = user.CreatedAt, user.CreatedAt.Add(time.Microsecond)
	page, err := h.users.List(ctx, caller, ports.ListUsers{Filter: filter, Limit: onlyOne, After: justBefore(&user)})
	if err != nil || len(page.Items) == 0 || page.Items[0].ID != user.ID {
		return nil, err
	}
	return page.Items, nil
}

func (h *handlers) getByName(ctx context.Context, caller domain.Principal, names *exactNames) (domain.User, error) {
	switch {
	case names.username != (domain.Username{}):
		return h.users.GetByUsername(ctx, caller, names.username)
	case names.email != (domain.Email{}):
		return h.users.GetByEmail(ctx, caller, names.email)
	default:
		return h.users.GetByExternalID(ctx, caller, names.external)
	}
}

// areOf reports whether the user has all the names that are given.
func (n *exactNames) areOf(user *domain.User) bool {
	return (n.username == domain.Username{} || n.username.Key() == user.Username.Key()) &&
		(n.email == domain.Email{} || n.email.Key() == user.Email.Key()) &&
		(n.external == domain.ExternalID{} || n.external == user.ExternalID)
}

// onlyOne is the size of a page with one item.
var onlyOne = domain.MustParse(domain.ParsePageSize(1))

// justBefore is the position before a user in a list, the newest first: that of the
// next greater id in the same instant.
func justBefore(user *domain.User) *domain.UserPosition {
	before := domain.UserPosition{At: user.CreatedAt, ID: user.ID}
	for i := len(before.ID) - 1; i >= 0; i-- {
		if before.ID[i]++; before.ID[i] != 0 {
			return &before
		}
	}
	before.At = before.At.Add(time.Microsecond) // the id was the greatest
	return &before
}
