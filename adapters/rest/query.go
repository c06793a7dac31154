package rest

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
)

// queryReader reads a query strictly: what it does not know, what stands twice
// and what has no value is a fault, since a misspelt filter that is ignored
// answers another question than was asked.
type queryReader struct {
	pairs  []queryPair
	known  []string
	faults []error
}

type queryPair struct{ name, value string }

// mostParameters bounds what a query may cost to read; no operation takes as many.
const mostParameters = 64

func readQuery(raw string) *queryReader {
	q := new(queryReader)
	if raw == "" {
		return q
	}
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		if len(q.pairs)+len(q.faults) == mostParameters {
			q.fault(name, domain.ReasonRange, "is one parameter too many", "send at most "+strconv.Itoa(mostParameters))
			break
		}
		plain, err := url.QueryUnescape(name)
		text, err2 := url.QueryUnescape(value)
		switch {
		case err != nil || err2 != nil || strings.Contains(part, ";"):
			q.fault(name, domain.ReasonSyntax, "is not percent-encoded correctly", "encode it as a URL's query")
		case slices.ContainsFunc(q.pairs, func(p queryPair) bool { return p.name == plain }):
			q.fault(plain, domain.ReasonSyntax, "is given more than once", "send it once")
		default:
			q.pairs = append(q.pairs, queryPair{plain, text})
		}
	}
	return q
}

// refuseQuery is for operations without parameters.
func refuseQuery(raw string) error {
	if raw == "" {
		return nil
	}
	return errors.Join(readQuery(raw).close()...)
}

// accept reads a parameter that may be absent, by parse.
func (q *queryReader) accept(name string, parse func(text string) (detail, fix string)) bool {
	q.known = append(q.known, name)
	i := slices.IndexFunc(q.pairs, func(p queryPair) bool { return p.name == name })
	if i < 0 {
		return false
	}
	value := q.pairs[i].value
	q.pairs = slices.Delete(q.pairs, i, i+1)
	if value == "" {
		q.fault(name, domain.ReasonMissing, "has no value", "send a value, or leave the parameter out if it is optional")
		return true
	}
	if detail, fix := parse(value); detail != "" {
		q.fault(name, domain.ReasonSyntax, detail, fix)
	}
	return true
}

// require reads a parameter that must be there.
func (q *queryReader) require(name string, parse func(text string) (detail, fix string)) {
	if !q.accept(name, parse) && !q.faulty(name) {
		q.faults = append(q.faults, inParameter(domain.Missing(name)))
	}
}

// close returns all faults; what was not read is unknown.
func (q *queryReader) close() []error {
	fix := "remove it; this request takes no parameters"
	if len(q.known) > 0 {
		fix = "remove it; this request takes " + strings.Join(q.known, ", ")
	}
	for _, left := range q.pairs {
		q.fault(left.name, domain.ReasonUnknown, "is not a parameter of this request", fix)
	}
	return q.faults
}

func (q *queryReader) faulty(name string) bool {
	return slices.ContainsFunc(q.faults, func(err error) bool { return domain.Failures(err)[0].Field == name })
}

func (q *queryReader) fault(name string, reason domain.Reason, detail, fix string) {
	if name == "" {
		name = `""`
	}
	if len(q.faults) < mostFaults {
		q.faults = append(q.faults, inParameter(&domain.Error{
			Kind: domain.Invalid, Reason: reason, Field: strings.ToValidUTF8(name, "\ufffd"), Detail: detail, Fix: fix,
		}))
	}
}

// optionalInteger reads a number into *into, made for it.
func optionalInteger(into **int) func(string) (string, string) {
	return func(text string) (string, string) {
		n, err := strconv.Atoi(text)
		if err != nil || strings.HasPrefix(text, "+") {
			return "is not an integer", "send a number such as 50"
		}
		*into = &n
		return "", ""
	}
}

func instant(into *time.Time) func(string) (string, string) {
	return func(text string) (string, string) {
		if err := into.UnmarshalText([]byte(text)); err == nil {
			return "", ""
		}
		if strings.Contains(text, " ") {
			return "is not a time of RFC 3339", "write the '+' of an offset as %2B in a URL"
		}
		return "is not a time of RFC 3339", "send a time such as 2026-01-01T00:00:00Z"
	}
}
