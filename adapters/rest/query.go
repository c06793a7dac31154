package rest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
)

// queryReader reads a query strictly, one parameter after the other. A parameter
// that is unknown, repeated or empty is a fault: the client would else get the
// results of another query than it meant.
type queryReader struct {
	// rest is not read yet; more says that there is some.
	rest string
	more bool
	// names lists the operation's parameters, for people.
	names string
	// name and value are those of the current parameter.
	name, value string
	count       int
	seen        uint64
	faults      []error
}

// maxParameters bounds the cost of reading a query; no operation takes as many.
const maxParameters = 64

func newQueryReader(raw, names string) queryReader {
	return queryReader{rest: raw, more: raw != "", names: names}
}

// refuseQuery returns the faults of the query of an operation without parameters.
func refuseQuery(raw string) []error {
	query := newQueryReader(raw, "")
	for query.next() {
		query.unknown()
	}
	return query.faults
}

// next moves to the next parameter that can be decoded.
func (q *queryReader) next() bool {
	for q.more {
		var part string
		part, q.rest, q.more = strings.Cut(q.rest, "&")
		name, value, _ := strings.Cut(part, "=")
		if q.count++; q.count > maxParameters {
			q.faults = nil // this one is enough
			q.fault(name, domain.ReasonRange, "is one parameter too many", "send at most "+strconv.Itoa(maxParameters))
			return false
		}
		if strings.Contains(part, ";") {
			q.fault(name, domain.ReasonSyntax, "holds a ';'", "separate parameters by '&', or write %3B")
			continue
		}
		var err, err2 error
		q.name, err = url.QueryUnescape(name)
		q.value, err2 = url.QueryUnescape(value)
		if err == nil && err2 == nil {
			return true
		}
		q.fault(name, domain.ReasonSyntax, "is not percent-encoded correctly", "encode it as a URL's query")
	}
	return false
}

// unknown refuses the current parameter.
func (q *queryReader) unknown() {
	fix := "remove it; this request takes no parameters"
	if q.names != "" {
		fix = "remove it; this request takes " + q.names
	}
	q.fault(q.name, domain.ReasonUnknown, "is not a parameter of this request", fix)
}

// take reports whether the current parameter, the i-th of the operation, is the
// first of its name and has a value.
func (q *queryReader) take(i int) bool {
	repeated := q.seen&(1<<i) != 0
	q.seen |= 1 << i
	switch {
	case repeated:
		q.fault(q.name, domain.ReasonSyntax, "is given more than once", "send it once")
	case q.value == "":
		q.fault(q.name, domain.ReasonMissing, "has no value", "send a value, or leave the parameter out if it is optional")
	default:
		return true
	}
	return false
}

// require adds a fault where the i-th parameter is absent.
func (q *queryReader) require(i int, name string) {
	if q.seen&(1<<i) == 0 {
		q.faults = append(q.faults, inParameter(domain.Missing(name)))
	}
}

func (q *queryReader) text(i int, into *string) {
	if q.take(i) {
		*into = q.value
	}
}

// word reads one of the words.
func (q *queryReader) word(i int, into *string, words ...string) {
	if !q.take(i) {
		return
	}
	if *into = q.value; !slices.Contains(words, q.value) {
		q.fault(q.name, domain.ReasonSyntax, strconv.Quote(clip(q.value))+" is none of its values", "send "+strings.Join(words, ", "))
	}
}

// fieldSet is a set of the words of an enumeration in the contract; the first is
// bit 0. The zero fieldSet is an absent parameter.
type fieldSet uint32

// set reads some of the words, separated by commas.
func (q *queryReader) set(i int, into *fieldSet, words ...string) {
	if !q.take(i) {
		return
	}
	for word := range strings.SplitSeq(q.value, ",") {
		at := slices.Index(words, word)
		if at < 0 {
			q.fault(q.name, domain.ReasonUnknown, strconv.Quote(clip(word))+" is none of its values", "send some of "+strings.Join(words, ","))
			return
		}
		if *into&(1<<at) != 0 {
			q.fault(q.name, domain.ReasonSyntax, "names "+word+" twice", "name it once")
			return
		}
		*into |= 1 << at
	}
}

func (q *queryReader) integer(i int, into **int) {
	if !q.take(i) {
		return
	}
	n, err := strconv.Atoi(q.value)
	if err != nil || strings.HasPrefix(q.value, "+") {
		q.fault(q.name, domain.ReasonSyntax, "is not an integer", "send a number such as 50")
		return
	}
	*into = &n
}

func (q *queryReader) instant(i int, into **time.Time) {
	if !q.take(i) {
		return
	}
	at, err := domain.ParseTime(q.name, q.value)
	if err != nil {
		q.faults = append(q.faults, inParameter(err))
		return
	}
	*into = &at
}

func (q *queryReader) fault(name string, reason domain.Reason, detail, fix string) {
	if name == "" {
		name = `""`
	}
	if len(q.faults) < maxFaults {
		q.faults = append(q.faults, invalidParameter(strings.ToValidUTF8(name, "\ufffd"), reason, detail, fix))
	}
}

// clip shortens a text for a message.
func clip(text string) string {
	const limit = 64
	if len(text) > limit {
		text = text[:limit] + "…"
	}
	return strings.ToValidUTF8(text, "\ufffd")
}
