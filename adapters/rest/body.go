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

// readBody reads a request's body of at most limit bytes, of one of the media
// types (JSON where there are none), into v. The faults are what breaks the
// schema; what is read beside them is good. The error is a problem: the body
// can't be read at all. The key, unless nil, takes down what it stands for.
func readBody(r *http.Request, limit int64, v members, key *idempotencyKey, types ...string) (faults []error, err error) {
	if len(types) == 0 {
		err = checkMediaType(r.Header)
	} else {
		_, err = mediaType(r.Header, types...)
	}
	if err != nil {
		return nil, err
	}
	b := bodyReaders.Get().(*bodyReader)
	defer b.free()
	if err := b.load(r, limit); err != nil {
		return nil, err
	}
	key.seal(r, b.text.Bytes())
	b.decoder.Reset(&b.text)
	if err := b.whole(v); err != nil {
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

func tooLarge(limit int64) error {
	return newProblem(kindTooLarge, fmt.Sprintf("the body has more than %d bytes", limit))
}

func (b *bodyReader) load(r *http.Request, limit int64) error {
	if r.ContentLength > limit {
		return tooLarge(limit)
	}
	b.text.Reset()
	b.limited = io.LimitedReader{R: r.Body, N: limit + 1}
	switch n, err := b.text.ReadFrom(&b.limited); {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(kindTooSlow, "the body did not arrive whole; send it again")
	case err != nil:
		return newProblem(kindSyntax, "the body can't be received; check its framing and send it again")
	case n > limit:
		return tooLarge(limit)
	case n == 0:
		return newProblem(kindSyntax, "the body is empty; send a JSON object")
	}
	if !utf8.Valid(b.text.Bytes()) {
		return newProblem(kindSyntax, "the body is not valid UTF-8; encode it as UTF-8")
	}
	return nil
}

// whole reads the whole body as one object.
func (b *bodyReader) whole(v members) error {
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
	if b.object(v); b.broken != nil {
		return syntaxProblem(b.broken)
	}
	return b.end()
}

// object reads the members of the object before which the decoder stands.
func (b *bodyReader) object(v members) {
	outer := b.seen
	b.seen = 0
	_, _ = b.decoder.ReadToken()
	for b.broken == nil && b.decoder.PeekKind() == '"' {
		var quoted jsontext.Value
		if quoted, b.broken = b.decoder.ReadValue(); b.broken != nil {
			return
		}
		if b.name, b.broken = jsontext.AppendUnquote(b.name[:0], quoted); b.broken != nil {
			return
		}
		if !v.member(b, b.name) {
			b.unknown()
		}
	}
	if b.broken == nil {
		_, b.broken = b.decoder.ReadToken()
	}
	for i, name := range v.required() {
		if b.seen&(1<<i) == 0 && b.broken == nil {
			b.missing(name)
		}
	}
	b.seen = outer
}

// missing says that the object that was read last lacks a member.
func (b *bodyReader) missing(name string) {
	fault := domain.Missing(name)
	if parent := b.place(); parent != "" {
		fault.Field = parent + "/" + name
	}
	if len(b.faults) < mostFaults {
		b.faults = append(b.faults, fault)
	}
}

// end checks that nothing follows.
func (b *bodyReader) end() error {
	if _, err := b.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return newProblem(kindSyntax, fmt.Sprintf("something follows the JSON value, after byte %d; send one object and nothing after it", b.decoder.InputOffset()))
	}
	return nil
}

func (b *bodyReader) saw(required int) { b.seen |= 1 << required }

// place is the JSON pointer of the value, or the member's name, that was read last.
func (b *bodyReader) place() string { return string(b.decoder.StackPointer()) }

func (b *bodyReader) fault(field string, reason domain.Reason, detail, fix string) {
	if len(b.faults) < mostFaults {
		b.faults = append(b.faults, &domain.Error{Kind: domain.Invalid, Reason: reason, Field: field, Detail: detail, Fix: fix})
	}
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
