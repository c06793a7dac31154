package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUsers answers with the newest users.
func (h *handlers) ListUsers(ctx context.Context, request listUsersRequest) (listUsersResponse, error) {
	params, faults := request.read()
	limit, err := pageSize(params.Limit, domain.DefaultListSize)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	users, err := h.users.List(ctx, request.caller, ports.ListUsers{Limit: limit})
	if err != nil {
		return nil, err
	}
	return listUsers200{userList(users.Items)}, nil
}

// CreateUser adds a user.
func (h *handlers) CreateUser(ctx context.Context, request createUserRequest) (createUserResponse, error) {
	body, faults := request.read()
	in, err := createUser(body)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	user, err := h.users.Create(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	out.location = "/users/" + user.ID.String()
	return createUser201{out}, nil
}

// GetUser answers with one user.
func (h *handlers) GetUser(ctx context.Context, request getUserRequest) (getUserResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	user, err := h.users.Get(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return getUser200{oneUser(&user)}, nil
}

// ReplaceUser gives a user new names.
func (h *handlers) ReplaceUser(ctx context.Context, request replaceUserRequest) (replaceUserResponse, error) {
	id, badID := userID(request.path.ID)
	body, faults := request.read()
	in, err := replaceUser(id, body)
	if err := errors.Join(badID, faults, err); err != nil {
		return nil, err
	}
	user, err := h.users.Replace(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return replaceUser200{oneUser(&user)}, nil
}

// DeleteUser takes a user out of the directory.
func (h *handlers) DeleteUser(ctx context.Context, request deleteUserRequest) (deleteUserResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	if err := h.users.Delete(ctx, request.caller, id, 0); err != nil {
		return nil, err
	}
	return deleteUser204{}, nil
}

// SearchUsers answers with the users that a term describes.
func (h *handlers) SearchUsers(ctx context.Context, request searchUsersRequest) (searchUsersResponse, error) {
	params, body, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultSearchSize)
	term, err := domain.ParseSearchTerm(body.Term)
	if err := errors.Join(badLimit, faults, err); err != nil {
		return nil, err
	}
	users, err := h.users.Search(ctx, request.caller, ports.SearchUsers{Term: term, Limit: limit})
	if err != nil {
		return nil, err
	}
	return searchUsers200{userList(users)}, nil
}

// createUser parses the body of a request to add a user.
func createUser(body *NewUser) (app.CreateUser, error) {
	username, err1 := domain.ParseUsername(body.Username)
	email, err2 := domain.ParseEmail(body.Email)
	external, err3 := optional(body.ExternalID, domain.ParseExternalID)
	display, err4 := optional(body.DisplayName, domain.ParseDisplayName)
	attributes, err5 := optionalAttributes(body.Attributes)
	status, err6 := optional(body.Status, domain.ParseStatus)
	return app.CreateUser{
		Username: username, Email: email, ExternalID: external,
		DisplayName: display, Attributes: attributes, Status: status,
	}, errors.Join(err1, err2, err3, err4, err5, err6)
}

// replaceUser parses the body of a request to replace a user.
func replaceUser(id domain.UserID, body *UserReplacement) (ports.ReplaceUser, error) {
	same, err := createUser(&NewUser{
		Username: body.Username, Email: body.Email, ExternalID: body.ExternalID,
		DisplayName: body.DisplayName, Attributes: body.Attributes, Status: body.Status,
	})
	return ports.ReplaceUser{
		ID: id, Username: same.Username, Email: same.Email, ExternalID: same.ExternalID,
		DisplayName: same.DisplayName, Attributes: same.Attributes, Status: same.Status,
	}, err
}

func oneUser(user *domain.User) *answer {
	a := newAnswer()
	a.buf = appendUser(a.buf, user)
	return a
}

func userList(users []domain.User) *answer {
	a := newAnswer()
	a.buf = appendList(a.buf, users, appendUser)
	return a
}
