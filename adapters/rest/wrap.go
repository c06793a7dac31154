package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Wrap puts Roster's middleware around an edge's router: request ids, recovery,
// the checks of host and origin, and logs.
func (a *API) Wrap(router http.Handler) http.Handler {
	watches := &sync.Pool{New: func() any { return new(watch) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		watched := watches.Get().(*watch)
		*watched = watch{ResponseWriter: w}
		defer func() {
			a.recovered(watched, r, recover())
			a.log(watched, r, time.Since(began))
			*watched = watch{}
			watches.Put(watched)
		}()
		header := w.Header()
		header["X-Request-Id"] = []string{requestID(r.Header)}
		header["X-Content-Type-Options"] = nosniff
		if err := a.admit(watched, r); err != nil {
			a.fail(watched, r, err)
			return
		}
		if watched.status == 0 {
			router.ServeHTTP(watched, r)
		}
	})
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
	if !isPlain(r.URL) {
		return noPath() // routers disagree about such paths: none gets to see them
	}
	return nil
}

// isPlain reports whether a path has no empty segment, but for a last one, none
// that means this folder or the one above, and no slash that is escaped.
func isPlain(u *url.URL) bool {
	path := u.Path
	if u.RawPath != "" && strings.Contains(strings.ToLower(u.RawPath), "%2f") {
		return false
	}
	return !strings.Contains(path, "//") && (!strings.Contains(path, "/.") ||
		!strings.Contains(path+"/", "/./") && !strings.Contains(path+"/", "/../"))
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
	a.options.Logger.LogAttrs(context.WithoutCancel(r.Context()), level, message,
		slog.String("method", method(r)), slog.String("route", r.Pattern), slog.Int("status", w.status),
		slog.Duration("took", took), slog.String("request_id", answeredID(w)))
}

// method is the request's method for logs: one that no route has is not shown.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// watch remembers the status of an answer; 0 until it begins.
type watch struct {
	http.ResponseWriter
	status int
}

// WriteHeader begins the answer.
func (w *watch) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer with 200 unless it has begun.
func (w *watch) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer beneath.
func (w *watch) Unwrap() http.ResponseWriter { return w.ResponseWriter }
