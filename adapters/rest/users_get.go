package rest

import (
	"context"
	"errors"
	"fmt"

	"github.com/roster-directory/roster/domain"
)

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
	out := versioned(user.Version, params.Fields)
	if tag, same := request.ifNoneMatch.matches(out.tag); same {
		out.tag = tag
		return getUser304{out}, nil
	}
	out.buf = appendUser(out.buf, &user, params.Fields.orAll())
	return getUser200{out}, nil
}

// LookUpUsers answers with the users of many ids.
func (h *handlers) LookUpUsers(ctx context.Context, request lookUpUsersRequest) (lookUpUsersResponse, error) {
	params, body, faults := request.read()
	ids := make([]domain.UserID, len(body.Ids))
	bad := []error{faults}
	for i, text := range body.Ids {
		var err error
		if ids[i], err = domain.ParseID[domain.User](fmt.Sprintf("ids[%d]", i), text); err != nil && len(bad) <= maxFaults {
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
	return lookUpUsers200{listOf(users, userEncoder(params.Fields.orAll()))}, nil
}
