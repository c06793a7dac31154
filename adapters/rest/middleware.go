package rest

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/roster-directory/roster/adapters/rest/tracecontext"
)

var (
	nosniff      = []string{"nosniff"}
	lastResponse = []string{"close"}
)

// Middleware puts Roster's own around the router of an edge: request ids,
// traces, recovery, the checks of package guard, compression, and logs.
func (a *API) Middleware(router http.Handler) http.Handler {
	writers := &sync.Pool{New: func() any { return new(responseWriter) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		writer := writers.Get().(*responseWriter)
		*writer = responseWriter{ResponseWriter: w, draining: a.draining}
		r = prepare(writer, r)
		defer func() {
			a.recovered(writer, r, recover())
			writer.finish()
			a.failures.log.done(writer, r, time.Since(began))
			*writer = responseWriter{}
			writers.Put(writer)
		}()
		switch answered, err := a.guard.Admit(writer, r); {
		case err != nil:
			a.failures.answer(writer, r, err)
		case !answered:
			router.ServeHTTP(writer, r)
		}
	})
}

// prepare sets the headers of every response, and returns the request with its
// trace.
func prepare(w *responseWriter, r *http.Request) *http.Request {
	header := w.Header()
	header["X-Request-Id"] = []string{requestID(r.Header)}
	header["X-Content-Type-Options"] = nosniff
	if r.Header["Accept-Encoding"] != nil {
		w.compression = newCompression(w.ResponseWriter, r)
	}
	if parent := r.Header["Traceparent"]; parent != nil {
		if span, ok := tracecontext.Join(parent); ok {
			header["Traceresponse"] = []string{span.Response()}
			return r.WithContext(tracecontext.With(r.Context(), span))
		}
	}
	return r
}

// recovered answers after a panic. It cuts the connection where the response has
// started, so that no client takes a part for the whole.
func (a *API) recovered(w *responseWriter, r *http.Request, cause any) {
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		panic(cause)
	}
	a.failures.abort(w, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
}
