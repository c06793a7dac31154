package rest

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// problem is a failure as a client may see it.
type problem struct {
	kind   problemKind
	detail string
	faults []fault
	// query is the query as the client sent it, for hints.
	query string
	// retryAfter is after how many seconds the request may be sent again; 0 says nothing.
	retryAfter int
	// cause is for the log and for challenges. Every problem of 500 and above, of
	// kindUnauthenticated and of kindDenied has one; one of kindRate where the token is refused.
	cause error
}

// fault is one thing that is wrong with a request, and where.
type fault struct{ pointer, parameter, detail, fix string }

// maxFaults is how many faults of one request are worth listing.
const maxFaults = 20

// wholeBody is the field of a fault that concerns the body as a whole.
const wholeBody = "#"

func newProblem(kind problemKind, detail string) *problem {
	return &problem{kind: kind, detail: detail}
}

// Error returns the detail.
func (p *problem) Error() string { return p.detail }

// parameterError says that the faults of err concern the path, the query or a
// header, not the body.
type parameterError struct{ err error }

func (e *parameterError) Error() string { return e.err.Error() }
func (e *parameterError) Unwrap() error { return e.err }

// inParameter marks err as a fault of a parameter; nil stays nil.
func inParameter(err error) error {
	if err == nil {
		return nil
	}
	return &parameterError{err}
}

func invalidParameter(name string, reason domain.Reason, detail, fix string) error {
	return &parameterError{invalidField(name, reason, detail, fix)}
}

func invalidField(field string, reason domain.Reason, detail, fix string) error {
	return &domain.Error{Kind: domain.Invalid, Reason: reason, Field: field, Detail: detail, Fix: fix}
}

// add lists a fault unless its place has one: the first explains the others.
func (p *problem) add(e *domain.Error, parameter bool) {
	found := fault{detail: e.Detail, fix: e.Fix}
	switch {
	case e.Field == "":
		return
	case parameter || e.Field == "Idempotency-Key": // the store names the header
		found.parameter = e.Field
		if holdsPlus(p.query, e.Field) {
			found.fix = strings.TrimPrefix(found.fix+"; a '+' in a query is a space: write %2B for a plus", "; ")
		}
	default:
		found.pointer = pointerTo(e.Field)
	}
	for _, known := range p.faults {
		if known.pointer == found.pointer && known.parameter == found.parameter {
			return
		}
	}
	p.faults = append(p.faults, found)
}

// holdsPlus reports whether a parameter has a '+' in a query, which a form takes for
// a space: as in an email address, a time zone or the offset of a time.
func holdsPlus(query, parameter string) bool {
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil && plain == parameter && strings.Contains(value, "+") {
			return true
		}
	}
	return false
}

// pointerTo turns a domain field, "events[3].kind", into a JSON pointer
// (RFC 6901). A field that is a pointer already is kept.
func pointerTo(field string) string {
	if field == wholeBody {
		return ""
	}
	if strings.HasPrefix(field, "/") {
		return field
	}
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(field)
}

func appendProblem(b []byte, p *problem, requestID string) []byte {
	b = appendString(append(b, `{"type":`...), p.kind.uri())
	b = appendString(append(b, `,"title":`...), catalogue[p.kind].title)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(p.kind.status()), 10)
	b = appendString(append(b, `,"detail":`...), p.detail)
	if len(p.faults) > 0 {
		b = appendList(append(b, `,"errors":`...), p.faults, appendFault)
	}
	b = appendString(append(b, `,"request_id":`...), requestID)
	return append(b, '}')
}

func appendFault(b []byte, f *fault) []byte {
	if f.parameter != "" {
		b = appendString(append(b, `{"parameter":`...), f.parameter)
	} else {
		b = appendString(append(b, `{"pointer":`...), f.pointer)
	}
	b = appendString(append(b, `,"detail":`...), f.detail)
	b = appendString(append(b, `,"fix":`...), f.fix)
	return append(b, '}')
}
