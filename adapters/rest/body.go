package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// members is a type of the contract that a body is read into. Its methods are
// generated from the schema.
type members interface {
	// member reads the member that has this name, and reports whether the
	// schema has it.
	member(b *bodyReader, name []byte) bool
	// required returns the names of the members that must be there.
	required() []string
}

// wholeBody is the field of a fault that concerns the body as a whole.
const wholeBody = "#"

// mostFaults is how many faults of one body are worth listing.
const mostFaults = 20

// bodyReader reads a JSON body token by token, so that it finds every breach of
// the schema in one pass and builds no tree.
type bodyReader struct {
	text    bytes.Buffer
	limited io.LimitedReader
	decoder jsontext.Decoder
	name    []byte
	seen    uint64
	faults  []error
	// broken is the decoder's first error. The decoder itself would go on into
	// the value that it could not read whole.
	broken error
}

var bodyReaders = sync.Pool{New: func() any { return new(bodyReader) }}

// readBody reads a request's body of at most limit bytes into v. The faults are
// what breaks the schema; what is read beside them is good. The error is a
// problem: the body can't be read at all.
func readBody(r *http.Request, limit int64, v members) (faults []error, err error) {
	if err := checkMediaType(r.Header); err != nil {
		return nil, err
	}
	b := bodyReaders.Get().(*bodyReader)
	defer b.free()
	if err := b.load(r, limit); err != nil {
		return nil, err
	}
	b.decoder.Reset(&b.text)
	if err := b.object(v); err != nil {
		return nil, err
	}
	return b.faults, nil
}

func (b *bodyReader) free() {
	b.faults, b.seen, b.limited.R, b.broken = nil, 0, nil, nil
	if b.text.Cap() <= mostKept {
		bodyReaders.Put(b)
	}
}

func (b *bodyReader) load(r *http.Request, limit int64) error {
	tooLarge := newProblem(kindTooLarge, fmt.Sprintf("the body has more than %d bytes", limit))
	if r.ContentLength > limit {
		return tooLarge
	}
	b.text.Reset()
	b.limited = io.LimitedReader{R: r.Body, N: limit + 1}
	switch n, err := b.text.ReadFrom(&b.limited); {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(kindTooSlow, "the body did not arrive whole; send it again")
	case err != nil:
		return newProblem(kindSyntax, "the body can't be received; check its framing and send it again")
	case n > limit:
		return tooLarge
	case n == 0:
		return newProblem(kindSyntax, "the body is empty; send a JSON object")
	}
	if !utf8.Valid(b.text.Bytes()) {
		return newProblem(kindSyntax, "the body is not valid UTF-8; encode it as UTF-8")
	}
	return nil
}

// object reads the whole body as one object.
func (b *bodyReader) object(v members) error {
	d := &b.decoder
	if d.PeekKind() != '{' {
		if err := d.SkipValue(); err != nil {
			return syntaxProblem(err)
		}
		if err := b.end(); err != nil {
			return err
		}
		return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: wholeBody, Detail: "the body is not a JSON object", Fix: "send an object"}
	}
	_, _ = d.ReadToken()
	for b.broken == nil && d.PeekKind() == '"' {
		quoted, err := d.ReadValue()
		if err != nil {
			return syntaxProblem(err)
		}
		if b.name, err = jsontext.AppendUnquote(b.name[:0], quoted); err != nil {
			return syntaxProblem(err)
		}
		if !v.member(b, b.name) {
			b.unknown()
		}
	}
	if b.broken != nil {
		return syntaxProblem(b.broken)
	}
	if _, err := d.ReadToken(); err != nil {
		return syntaxProblem(err)
	}
	for i, name := range v.required() {
		if b.seen&(1<<i) == 0 {
			b.faults = append(b.faults, domain.Missing(name))
		}
	}
	return b.end()
}

// end checks that nothing follows.
func (b *bodyReader) end() error {
	if _, err := b.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return newProblem(kindSyntax, fmt.Sprintf("something follows the JSON value, after byte %d; send one object and nothing after it", b.decoder.InputOffset()))
	}
	return nil
}

func (b *bodyReader) saw(required int) { b.seen |= 1 << required }

// skip leaves a value out. Here and below, an error of the decoder is one of
// syntax, which object returns.
func (b *bodyReader) skip() { b.broken = b.decoder.SkipValue() }

func (b *bodyReader) unknown() {
	b.fault(b.place(), domain.ReasonUnknown, "is not a member of this object", "remove it, or check how it is spelt")
	b.skip()
}

// wrong skips a value of the wrong kind and says so.
func (b *bodyReader) wrong(kind jsontext.Kind, want string) {
	place := b.place()
	if b.skip(); b.broken == nil {
		b.fault(place, domain.ReasonSyntax, "is "+kindName(kind)+", not "+want, "send "+want+", or leave it out if it is optional")
	}
}

// place is the JSON pointer of the member whose name was read last.
func (b *bodyReader) place() string { return string(b.decoder.StackPointer()) }

func (b *bodyReader) fault(field string, reason domain.Reason, detail, fix string) {
	if len(b.faults) < mostFaults {
		b.faults = append(b.faults, &domain.Error{Kind: domain.Invalid, Reason: reason, Field: field, Detail: detail, Fix: fix})
	}
}

func readString[T ~string](b *bodyReader, into *T) bool {
	if kind := b.decoder.PeekKind(); kind != '"' {
		b.wrong(kind, "a string")
		return false
	}
	token, err := b.decoder.ReadToken()
	if err != nil {
		b.broken = err
		return false
	}
	*into = T(token.String())
	return true
}

func readOptionalString[T ~string](b *bodyReader, into **T) {
	var text T
	if readString(b, &text) {
		*into = &text
	}
}

func readOptionalObject[T ~[]byte](b *bodyReader, into **T) {
	if kind := b.decoder.PeekKind(); kind != '{' {
		b.wrong(kind, "an object")
		return
	}
	value, err := b.decoder.ReadValue()
	if err != nil {
		b.broken = err
		return
	}
	object := T(bytes.Clone(value))
	*into = &object
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '[':
		return "an array"
	}
	return "an object"
}

// syntaxProblem says what the decoder could not read, without its own words.
func syntaxProblem(err error) error {
	where := ""
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		where = fmt.Sprintf(" at byte %d", syntax.ByteOffset)
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return newProblem(kindSyntax, "the body holds a name twice in one object"+where+"; send each once")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(kindSyntax, "the body ends before its JSON value does; send it whole")
	}
	return newProblem(kindSyntax, "the body is not JSON"+where+"; send one JSON object")
}
