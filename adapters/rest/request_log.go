package rest

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/rest/tracecontext"
)

// requestLog writes about requests. It names a request by its route, since
// paths and queries may hold personal data.
type requestLog struct {
	logger *slog.Logger
	// all writes a line for every request.
	all bool
	// slow is how long a request may take before it is logged; 0 never logs it.
	slow time.Duration
}

// done logs a request that was answered, if the options ask for it.
func (l requestLog) done(w *responseWriter, r *http.Request, took time.Duration) {
	level, message := slog.LevelInfo, "request"
	switch {
	case l.slow > 0 && took >= l.slow && !waits(r):
		level, message = slog.LevelWarn, "slow request"
	case !l.all:
		return
	}
	l.line(w, r, level, message, w.status, slog.Duration("took", took))
}

// waits reports whether the client wants the response to take long: it waits for entries of
// the log.
func waits(r *http.Request) bool { return strings.HasSuffix(r.Pattern, " /log/feed") }

// line logs a message with the attributes that identify the request.
func (l requestLog) line(w http.ResponseWriter, r *http.Request, level slog.Level, message string, status int, more slog.Attr) {
	ctx := context.WithoutCancel(r.Context())
	if !l.logger.Enabled(ctx, level) {
		return
	}
	known := []slog.Attr{
		slog.String("method", loggedMethod(r)), slog.String("route", r.Pattern), slog.Int("status", status),
		slog.String("request_id", responseID(w)), more,
	}
	if span, ok := tracecontext.From(ctx); ok {
		known = append(known, slog.String("trace_id", span.TraceID()), slog.String("span_id", span.ID()))
	}
	l.logger.LogAttrs(ctx, level, message, known...)
}

// loggedMethod is the request's method, or "other" for one that no route has.
func loggedMethod(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}
