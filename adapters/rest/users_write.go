package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// CreateUser adds a user.
func (h *handlers) CreateUser(ctx context.Context, request createUserRequest) (createUserResponse, error) {
	body, faults := request.read()
	in, err := newUser(body)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.forOperation("createUser")
	user, err := h.users.Create(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	out.location, out.minimal = "users/"+user.ID.String(), request.minimal
	return createUser201{out}, nil
}

// ReplaceUser gives a user new values.
func (h *handlers) ReplaceUser(ctx context.Context, request replaceUserRequest) (replaceUserResponse, error) {
	id, badID := userID(request.path.ID)
	body, faults := request.read()
	in, err := userReplacement(id, body)
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
	if out.minimal = request.minimal; out.minimal {
		return replaceUser204{out}, nil
	}
	return replaceUser200{out}, nil
}

// PatchUser changes some fields of a user.
func (h *handlers) PatchUser(ctx context.Context, request patchUserRequest) (patchUserResponse, error) {
	id, badID := userID(request.path.ID)
	body, faults := request.read()
	in, err := userPatch(id, body)
	if err := errors.Join(badID, faults, err); err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.forOperation("patchUser")
	user, err := matching(&request.ifMatch, func(version domain.Version) (domain.User, error) {
		in.IfMatch = version
		return h.users.Patch(ctx, request.caller, in)
	})
	if err != nil {
		return nil, err
	}
	out := oneUser(&user)
	if out.minimal = request.minimal; out.minimal {
		return patchUser204{out}, nil
	}
	return patchUser200{out}, nil
}

// DeleteUser deletes a user, which RestoreUser undoes.
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
	if out.minimal = request.minimal; out.minimal {
		return restoreUser204{out}, nil
	}
	return restoreUser200{out}, nil
}

// EraseUser removes everything that is kept about a user.
func (h *handlers) EraseUser(ctx context.Context, request eraseUserRequest) (eraseUserResponse, error) {
	id, badID := userID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	erasure, err := matching(&request.ifMatch, func(version domain.Version) (ports.Erasure, error) {
		return h.users.Erase(ctx, request.caller, id, version)
	})
	if err != nil {
		return nil, err
	}
	if !erasure.Finished() {
		return eraseUser202{erasureAt("erasure")}, nil
	}
	return eraseUser204{}, nil
}

// oneUser shows a user and its version.
func oneUser(user *domain.User) *response {
	out := versioned(user.Version, 0)
	out.buf = appendUser(out.buf, user, allFields)
	return out
}
