package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// CreateUser adds a user.
func (h *handlers) CreateUser(ctx context.Context, request createUserRequest) (createUserResponse, error) {
	body, faults := request.read()
	in, err := createUser(body)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.command("createUser")
	user, err := h.users.Create(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	out.location, out.minimal = "/users/"+user.ID.String(), request.prefer.minimal
	return createUser201{out}, nil
}

// ReplaceUser gives a user new names.
func (h *handlers) ReplaceUser(ctx context.Context, request replaceUserRequest) (replaceUserResponse, error) {
	id, badID := userID(request.path.ID)
	body, faults := request.read()
	in, err := replaceUser(id, body)
	if err := errors.Join(badID, faults, err); err != nil {
		return nil, err
	}
	user, err := matching(&request.ifMatch, func(version domain.Version) (domain.User, error) {
		in.IfMatch = version
		return h.users.Replace(ctx, request.caller, in)
	})
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	if out.minimal = request.prefer.minimal; out.minimal {
		return replaceUser204{out}, nil
	}
	return replaceUser200{out}, nil
}

// PatchUser changes some of what a user is.
func (h *handlers) PatchUser(ctx context.Context, request patchUserRequest) (patchUserResponse, error) {
	id, badID := userID(request.path.ID)
	body, faults := request.read()
	in, err := patchUser(id, body)
	if err := errors.Join(badID, faults, err); err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.command("patchUser")
	user, err := matching(&request.ifMatch, func(version domain.Version) (domain.User, error) {
		in.IfMatch = version
		return h.users.Patch(ctx, request.caller, in)
	})
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	if out.minimal = request.prefer.minimal; out.minimal {
		return patchUser204{out}, nil
	}
	return patchUser200{out}, nil
}

// DeleteUser takes a user out of the directory.
func (h *handlers) DeleteUser(ctx context.Context, request deleteUserRequest) (deleteUserResponse, error) {
	id, badID := userID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	_, err := matching(&request.ifMatch, func(version domain.Version) (struct{}, error) {
		return struct{}{}, h.users.Delete(ctx, request.caller, id, version)
	})
	return deleteUser204{}, err
}

// RestoreUser brings a deleted user back.
func (h *handlers) RestoreUser(ctx context.Context, request restoreUserRequest) (restoreUserResponse, error) {
	id, badID := userID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	user, err := matching(&request.ifMatch, func(version domain.Version) (domain.User, error) {
		return h.users.Restore(ctx, request.caller, id, version)
	})
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	if out.minimal = request.prefer.minimal; out.minimal {
		return restoreUser204{out}, nil
	}
	return restoreUser200{out}, nil
}

// EraseUser removes what is kept about a user.
func (h *handlers) EraseUser(ctx context.Context, request eraseUserRequest) (eraseUserResponse, error) {
	id, badID := userID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	_, err := matching(&request.ifMatch, func(version domain.Version) (struct{}, error) {
		return struct{}{}, h.users.Erase(ctx, request.caller, id, version)
	})
	return eraseUser204{}, err
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

// patchUser parses the body of a request to change a user.
func patchUser(id domain.UserID, body *UserPatch) (ports.PatchUser, error) {
	username, err1 := optional(body.Username, domain.ParseUsername)
	email, err2 := optional(body.Email, domain.ParseEmail)
	external, err3 := optional(body.ExternalID.value, domain.ParseExternalID)
	display, err4 := optional(body.DisplayName, domain.ParseDisplayName)
	status, err5 := optional(body.Status, domain.ParseStatus)
	in := ports.PatchUser{
		ID: id, Username: username, Email: email, DisplayName: display, Status: status,
		ExternalID: external, NoExternalID: body.ExternalID.null, NoAttributes: body.Attributes.null,
	}
	var err6 error
	if body.Attributes.value != nil {
		in.Attributes = new(domain.AttributesPatch)
		*in.Attributes, err6 = domain.ParseAttributesPatch(*body.Attributes.value)
	}
	return in, errors.Join(err1, err2, err3, err4, err5, err6)
}

// oneUser shows a user and its version.
func oneUser(user *domain.User) *answer {
	a := versioned(user.Version, false)
	a.buf = appendUser(a.buf, user)
	return a
}
