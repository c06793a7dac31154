package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/roster-directory/roster/adapters/rest/tracecontext"
)

// Wrap puts Roster's middleware around an edge's router: request ids, traces,
// recovery, the checks of host, origin and target, compression, and logs.
func (a *API) Wrap(router http.Handler) http.Handler {
	watches := &sync.Pool{New: func() any { return new(watch) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		watched := watches.Get().(*watch)
		*watched = watch{ResponseWriter: w}
		r = prepare(watched, r)
		defer func() {
			a.recovered(watched, r, recover())
			watched.finish()
			a.log(watched, r, time.Since(began))
			*watched = watch{}
			watches.Put(watched)
		}()
		if err := a.admit(watched, r); err != nil {
			a.fail(watched, r, err)
			return
		}
		if watched.status == 0 {
			router.ServeHTTP(watched, r)
		}
	})
}

// prepare sets what every answer has, and returns the request with its trace.
func prepare(w *watch, r *http.Request) *http.Request {
	header := w.Header()
	header["X-Request-Id"] = []string{requestID(r.Header)}
	header["X-Content-Type-Options"] = nosniff
	if accepted := r.Header["Accept-Encoding"]; accepted != nil {
		w.zip = newCompression(r, accepted)
	}
	if parent := r.Header["Traceparent"]; parent != nil {
		if span, ok := tracecontext.Join(parent); ok {
			header["Traceresponse"] = []string{span.Response()}
			return r.WithContext(tracecontext.With(r.Context(), span))
		}
	}
	return r
}

// admit refuses a request that must not reach a handler, and answers one that
// need not.
func (a *API) admit(w *watch, r *http.Request) error {
	if !a.hosts.allows(r.Host) {
		return newProblem(kindHost, "this server does not answer for the host that the request names; ask for localhost or 127.0.0.1, or set ROSTER_HOSTS")
	}
	if err := a.origins.admit(w, r); err != nil {
		return err
	}
	return checkTarget(r)
}

// recovered answers after a panic. Where the answer had begun, it cuts the
// connection, so that nobody takes the beginning for the whole.
func (a *API) recovered(w *watch, r *http.Request, cause any) {
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		panic(cause)
	}
	failure := fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
	if w.status != 0 {
		a.logFailure(w, r, problemOf(failure))
		panic(http.ErrAbortHandler)
	}
	a.fail(w, r, failure)
}

// log writes what the options ask for. A request is known by its route: paths
// and queries may hold personal data.
func (a *API) log(w *watch, r *http.Request, took time.Duration) {
	level, message := slog.LevelInfo, "request"
	switch {
	case a.options.SlowRequest > 0 && took >= a.options.SlowRequest:
		level, message = slog.LevelWarn, "slow request"
	case !a.options.AccessLog:
		return
	}
	a.line(w, r, level, message, w.status, slog.Duration("took", took))
}

// line logs something about a request, by which it can be found.
func (a *API) line(w http.ResponseWriter, r *http.Request, level slog.Level, message string, status int, more slog.Attr) {
	ctx := context.WithoutCancel(r.Context())
	if !a.options.Logger.Enabled(ctx, level) {
		return
	}
	known := []slog.Attr{
		slog.String("method", method(r)), slog.String("route", r.Pattern), slog.Int("status", status),
		slog.String("request_id", answeredID(w)), more,
	}
	if span, ok := tracecontext.From(ctx); ok {
		known = append(known, slog.String("trace_id", span.TraceID()), slog.String("span_id", span.ID()))
	}
	a.options.Logger.LogAttrs(ctx, level, message, known...)
}

// method is the request's method for logs: one that no route has is not shown.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}
