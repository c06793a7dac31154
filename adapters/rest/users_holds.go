package rest

import (
	"bufio"
	"context"
	"time"

	"github.com/roster-directory/roster/ports"
)

// GetUserHold answers with the hold of a user.
func (h *handlers) GetUserHold(ctx context.Context, request getUserHoldRequest) (getUserHoldResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	at, err := h.users.HeldSince(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return getUserHold200{itemOf(&at, appendHold)}, nil
}

// HoldUser keeps a user from being erased.
func (h *handlers) HoldUser(ctx context.Context, request holdUserRequest) (holdUserResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	at, err := h.users.Hold(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return holdUser200{itemOf(&at, appendHold)}, nil
}

// ReleaseUser ends the hold of a user.
func (h *handlers) ReleaseUser(ctx context.Context, request releaseUserRequest) (releaseUserResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	if err := h.users.Release(ctx, request.caller, id); err != nil {
		return nil, err
	}
	return releaseUser204{}, nil
}

// ExportUser answers with everything that is kept of a user.
func (h *handlers) ExportUser(ctx context.Context, request exportUserRequest) (exportUserResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	name := "user-" + id.String() + ".ndjson"
	return exportUser200{&stream{mediaType: ndjson, filename: name, timeout: h.timeout, run: func(out *streamWriter) error {
		lines := bufio.NewWriterSize(out, 64<<10)
		err := h.bulk.ExportUser(ctx, request.caller, id, func(record ports.KeptRecord) error {
			_, _ = lines.Write(record) // the next error is the same
			return lines.WriteByte('\n')
		})
		if err != nil {
			return err
		}
		return lines.Flush()
	}}}, nil
}

func appendHold(b []byte, at *time.Time) []byte {
	return append(appendTime(append(b, `{"held_at":`...), *at), '}')
}
