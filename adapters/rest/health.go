package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
)

// Live answers while the process runs.
func (h *handlers) Live(context.Context, liveRequest) (liveResponse, error) {
	return live200{healthy()}, nil
}

// Ready answers while Roster can serve. Every reason against it becomes a 503.
func (h *handlers) Ready(ctx context.Context, _ readyRequest) (readyResponse, error) {
	h.draining.checked.Store(true)
	if h.draining.hasStarted() {
		return nil, shuttingDown()
	}
	err := h.ready(ctx)
	if err == nil {
		return ready200{healthy()}, nil
	}
	if errors.Is(err, domain.Unavailable) {
		return nil, err
	}
	return nil, &domain.Error{
		Kind: domain.Unavailable, Reason: domain.ReasonUnreachable, Detail: "the database is not ready", Fix: "try again", Err: err,
	}
}

func healthy() *response {
	r := newResponse()
	r.buf = append(r.buf, `{"status":"ok"}`...)
	return r
}
