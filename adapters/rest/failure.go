package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// retryAfter is how many seconds a client should wait before it asks again.
const retryAfter = 1

// problem is a failure as a client may see it.
type problem struct {
	kind   problemKind
	detail string
	faults []fault
	// cause is for the log; every problem of 500 and above has one.
	cause error
}

// fault is one thing that is wrong with a request, and where.
type fault struct{ pointer, parameter, detail, fix string }

func newProblem(kind problemKind, detail string) *problem {
	return &problem{kind: kind, detail: detail}
}

func (p *problem) Error() string { return p.detail }

// parameterError says that the faults of err are of the path or the query.
type parameterError struct{ err error }

func (e *parameterError) Error() string { return e.err.Error() }
func (e *parameterError) Unwrap() error { return e.err }

// inParameter marks err, if it is one, as a fault of the path or the query.
func inParameter(err error) error {
	if err == nil {
		return nil
	}
	return &parameterError{err}
}

// problemOf tells a client of err what it may know.
func problemOf(err error) *problem {
	if own, ok := errors.AsType[*problem](err); ok {
		return own
	}
	failures := domain.Failures(err)
	if len(failures) == 0 {
		return unknown(err)
	}
	p := &problem{kind: kindOf(failures[0].Kind, failures[0].Reason), cause: err}
	if p.kind == kindInternal {
		return unknown(err)
	}
	p.gather(err, false)
	p.detail = failures[0].Detail
	if failures[0].Field != "" && failures[0].Field != wholeBody {
		p.detail = failures[0].Field + ": " + p.detail
	}
	if failures[0].Fix != "" {
		p.detail += "; " + failures[0].Fix
	}
	if more := len(p.faults) - 1; more > 0 {
		p.detail += " (and " + strconv.Itoa(more) + " more in errors)"
	}
	return p
}

// unknown hides an error that says nothing to clients.
func unknown(err error) *problem {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{kind: kindOverloaded, detail: "the request took longer than it may; try again", cause: err}
	case errors.Is(err, context.Canceled):
		return &problem{kind: kindUnavailable, detail: "the request was given up", cause: err}
	}
	return &problem{kind: kindInternal, detail: "Roster's log has the cause under the request id", cause: err}
}

// gather lists every fault in err's tree that has a place, each place once.
func (p *problem) gather(err error, parameter bool) {
	switch e := err.(type) { //nolint:errorlint // the tree is walked by hand, to find all and not the first
	case nil:
	case *parameterError:
		p.kind = kindParameter
		p.gather(e.err, true)
	case *domain.Error:
		p.add(e, parameter)
	case interface{ Unwrap() []error }:
		for _, each := range e.Unwrap() {
			p.gather(each, parameter)
		}
	default:
		p.gather(errors.Unwrap(err), parameter)
	}
}

func (p *problem) add(e *domain.Error, parameter bool) {
	found := fault{detail: e.Detail, fix: e.Fix}
	switch {
	case e.Field == "":
		return
	case parameter || e.Field == "Idempotency-Key": // the store's word for the header
		found.parameter = e.Field
	default:
		found.pointer = pointerTo(e.Field)
	}
	for _, each := range p.faults {
		if each.pointer == found.pointer && each.parameter == found.parameter {
			return // the first fault of a place explains the later ones
		}
	}
	p.faults = append(p.faults, found)
}

// pointerTo turns a domain field, "events[3].kind", into a JSON pointer
// (RFC 6901). A field that is a pointer already, or the whole body, is kept.
func pointerTo(field string) string {
	if field == wholeBody {
		return ""
	}
	if strings.HasPrefix(field, "/") {
		return field
	}
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(field)
}

// fail answers with the problem of err, and logs what an operator must know.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	a.logFailure(w, r, p)
	header := w.Header()
	header["Cache-Control"] = noStore
	if p.kind.status() == http.StatusServiceUnavailable || p.kind == kindKeyInProgress {
		header["Retry-After"] = []string{strconv.Itoa(retryAfter)}
	}
	if p.kind == kindMedia {
		suggest(header, r)
	}
	out := newAnswer()
	out.buf = appendProblem(out.buf, p, answeredID(w))
	out.send(w, p.kind.status(), problemType)
}

// suggest says in the header of a 415 what the operation reads.
func suggest(header http.Header, r *http.Request) {
	if r.Method == http.MethodPatch {
		header["Accept-Patch"] = patchTypes
	}
	if r.Header["Content-Encoding"] != nil {
		header["Accept-Encoding"] = []string{"identity"}
	}
}

func (a *API) logFailure(w http.ResponseWriter, r *http.Request, p *problem) {
	level, message := slog.LevelError, "request failed"
	switch {
	case errors.Is(p.cause, context.Canceled) && r.Context().Err() != nil:
		level, message = slog.LevelDebug, "client gave up"
	case p.kind.status() < http.StatusInternalServerError:
		return
	}
	a.line(w, r, level, message, p.kind.status(), slog.String("error", scrubbed(p.cause)))
}
