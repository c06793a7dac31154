package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/roster-directory/roster/adapters/rest/guard"
	"github.com/roster-directory/roster/adapters/rest/negotiation"
	"github.com/roster-directory/roster/domain"
)

// retryAfter is how many seconds a client should wait before it asks again.
var retryAfter = []string{"1"}

// problemOf says what a client may know of err.
func problemOf(err error) *problem { return problemOfQuery(err, "") }

// problemOfQuery is problemOf for a request with a query, as the client sent it.
func problemOfQuery(err error, query string) *problem {
	if known, ok := errors.AsType[*problem](err); ok {
		return known
	}
	if refused := refusedRequest(err); refused != nil {
		return refused
	}
	failures := domain.Failures(err)
	if len(failures) == 0 {
		return unknown(err)
	}
	p := &problem{kind: kindOf(failures[0].Kind, failures[0].Reason), query: query, cause: err}
	if p.kind == kindInternal {
		return unknown(err)
	}
	gather(p, err, false)
	detail, fix := failures[0].Detail, failures[0].Fix
	if failures[0].Field != "" {
		fix = p.faults[0].fix // it may have a hint
	}
	if failures[0].Field != "" && failures[0].Field != wholeBody {
		detail = failures[0].Field + ": " + detail
	}
	if p.detail = detail; fix != "" {
		p.detail += "; " + fix
	}
	if more := len(p.faults) - 1; more > 0 {
		p.detail += " (and " + strconv.Itoa(more) + " more in errors)"
	}
	return p
}

// kindOf is the only table from errors of the domain to problems. A reason that is
// not in it gets the problem of its kind.
func kindOf(kind domain.Kind, reason domain.Reason) problemKind {
	switch kind {
	case domain.Invalid:
		if reason == domain.ReasonReused {
			return kindKeyReused
		}
		return kindInvalid
	case domain.NotFound:
		return kindNotFound
	case domain.Gone:
		if reason == domain.ReasonExpired {
			return kindExpired
		}
		return kindLost
	case domain.Stale:
		return kindStale
	case domain.Unauthenticated:
		return kindUnauthenticated
	case domain.Denied:
		return kindDenied
	case domain.Conflict:
		switch reason {
		case domain.ReasonTaken:
			return kindTaken
		case domain.ReasonInUse:
			return kindInUse
		case domain.ReasonLastOwner:
			return kindLastOwner
		case domain.ReasonSeats:
			return kindSeats
		case domain.ReasonInProgress:
			return kindKeyInProgress
		default:
			return kindConflict
		}
	case domain.Unavailable:
		switch reason {
		case domain.ReasonReadOnly:
			return kindReadOnly
		case domain.ReasonRestored:
			return kindRestored
		case domain.ReasonOverloaded:
			return kindOverloaded
		default:
			return kindUnavailable
		}
	}
	return kindInternal
}

// refusedRequest is the problem of a request that guard or negotiation refuses;
// nil for any other error.
func refusedRequest(err error) *problem {
	if e, ok := errors.AsType[*guard.RefusedError](err); ok {
		kinds := map[guard.Rule]problemKind{guard.Host: kindHost, guard.Origin: kindOrigin, guard.Length: kindTooLong, guard.Path: kindNoPath}
		return newProblem(kinds[e.Rule], e.Detail)
	}
	if e, ok := errors.AsType[*negotiation.NotAcceptableError](err); ok {
		return newProblem(kindNotAcceptable, e.Detail)
	}
	if e, ok := errors.AsType[*negotiation.UnsupportedError](err); ok {
		return newProblem(kindMedia, e.Detail)
	}
	return nil
}

// unknown hides an error whose text is not for clients.
func unknown(err error) *problem {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{kind: kindOverloaded, detail: "the request took too long; try again", cause: err}
	case errors.Is(err, context.Canceled):
		return &problem{kind: kindUnavailable, detail: "the request was cancelled", cause: err}
	}
	return &problem{kind: kindInternal, detail: "Roster's log has the cause under the request id", cause: err}
}

// gather lists every fault in err's tree that has a place, each place once.
func gather(p *problem, err error, parameter bool) {
	switch e := err.(type) { //nolint:errorlint // this walks the tree itself, to find all errors and not the first
	case nil:
	case *parameterError:
		if p.kind != kindLost && p.kind != kindExpired {
			p.kind = kindParameter
		}
		gather(p, e.err, true)
	case *domain.Error:
		p.add(e, parameter)
	case interface{ Unwrap() []error }:
		for _, each := range e.Unwrap() {
			gather(p, each, parameter)
		}
	default:
		gather(p, errors.Unwrap(err), parameter)
	}
}

// failures answers requests that failed, and logs what an operator must know.
type failures struct {
	log       requestLog
	challenge challenge
}

// answer sends the problem of err.
func (f failures) answer(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOfQuery(err, r.URL.RawQuery)
	f.report(w, r, p)
	header := w.Header()
	header["Cache-Control"] = noStore
	if p.kind.status() == http.StatusServiceUnavailable || p.kind == kindKeyInProgress {
		header["Retry-After"] = retryAfter
	}
	if p.retryAfter > 0 {
		header["Retry-After"] = []string{strconv.Itoa(p.retryAfter)}
	}
	if challenge := f.challenge.header(r, p); challenge != nil {
		header["Www-Authenticate"] = challenge
	}
	if p.kind == kindMedia {
		suggestMedia(header, r)
	}
	out := newResponse()
	out.buf = appendProblem(out.buf, p, responseID(w))
	out.send(w, p.kind.status(), problemType)
}

// abort ends a response that failed. It cuts the connection where the response
// has started, so that no client takes a part for the whole.
func (f failures) abort(w http.ResponseWriter, r *http.Request, err error) {
	if writer := responseWriterOf(w); writer == nil || writer.status == 0 {
		f.answer(w, r, err)
		return
	}
	f.report(w, r, problemOf(err))
	panic(http.ErrAbortHandler)
}

// suggestMedia says in the header of a 415 what the operation reads.
func suggestMedia(header http.Header, r *http.Request) {
	if r.Method == http.MethodPatch {
		header["Accept-Patch"] = patchTypes
	}
	if r.Header["Content-Encoding"] != nil {
		header["Accept-Encoding"] = []string{"identity"}
	}
}

// report logs a failure of the server, and not one of the client.
func (f failures) report(w http.ResponseWriter, r *http.Request, p *problem) {
	level, message := slog.LevelError, "request failed"
	switch {
	case errors.Is(p.cause, context.Canceled) && r.Context().Err() != nil:
		level, message = slog.LevelDebug, "client gave up"
	case errors.Is(p.cause, errDraining):
		level, message = slog.LevelDebug, "refused by the shutdown"
	case p.kind.status() < http.StatusInternalServerError:
		return
	}
	f.log.line(w, r, level, message, p.kind.status(), slog.String("error", redacted(p.cause)))
}
