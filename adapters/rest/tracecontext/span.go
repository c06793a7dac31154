// Package tracecontext puts the ids of the caller's trace on the log lines of a
// request, as W3C Trace Context describes it. Roster sends no traces anywhere.
package tracecontext

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
)

// Lengths of the parts of a traceparent, in characters.
const (
	traceLength  = 32
	spanLength   = 16
	parentLength = len("00-") + traceLength + len("-") + spanLength + len("-00")
)

// The flags of version 00 and of level 2: the trace is sampled, its id is random.
// Responses leave out any other flag.
const knownFlags = 0b11

// Span is one request in Roster, as a part of a trace.
type Span struct {
	trace, id, flags string
}

// TraceID is the trace's id, 32 hexadecimal digits.
func (s Span) TraceID() string { return s.trace }

// ID is the id that Roster gave the span, 16 hexadecimal digits.
func (s Span) ID() string { return s.id }

// Response is the value of the header traceresponse, which tells the caller the
// id of the span.
func (s Span) Response() string { return "00-" + s.trace + "-" + s.id + "-" + s.flags }

// Join begins a span in the trace that the header traceparent names; false unless
// the header has exactly one value, and that is valid.
func Join(traceparent []string) (Span, bool) {
	if len(traceparent) != 1 {
		return Span{}, false
	}
	trace, flags, ok := parse(traceparent[0])
	if !ok {
		return Span{}, false
	}
	const digits = "0123"
	return Span{trace: trace, id: newID(), flags: "0" + digits[flags&knownFlags:][:1]}, true
}

// parse reads a traceparent of version 00, or the known part of a later version.
func parse(text string) (trace string, flags byte, ok bool) {
	if len(text) < parentLength || text[2] != '-' || text[35] != '-' || text[52] != '-' {
		return "", 0, false
	}
	version, trace, parent := text[:2], text[3:35], text[36:52]
	if !isHex(version) || version == "ff" || !isID(trace) || !isID(parent) || !isHex(text[53:55]) {
		return "", 0, false
	}
	if len(text) > parentLength && (version == "00" || text[parentLength] != '-') {
		return "", 0, false
	}
	return trace, digit(text[53])<<4 | digit(text[54]), true
}

// isID reports whether text is an id: not all zeros.
func isID(text string) bool {
	var some byte
	for i := range len(text) {
		some |= text[i] ^ '0'
	}
	return some != 0 && isHex(text)
}

// isHex reports whether text is hexadecimal digits in lower case.
func isHex(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func digit(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// newID returns a random id that is not zero.
func newID() string {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64()|1<<63)
	return hex.EncodeToString(raw[:])
}

type key struct{}

// With returns a context with the span.
func With(ctx context.Context, span Span) context.Context {
	return context.WithValue(ctx, key{}, span)
}

// From returns the span of ctx.
func From(ctx context.Context) (Span, bool) {
	span, ok := ctx.Value(key{}).(Span)
	return span, ok
}
