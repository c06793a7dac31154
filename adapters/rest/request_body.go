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

	"github.com/roster-directory/roster/adapters/rest/negotiation"
	"github.com/roster-directory/roster/domain"
)

// bodyLimit is the most bytes of a body, for operations that state no other.
const bodyLimit = 1 << 20

// byteOrderMark is what some programs write before UTF-8. It is no part of the JSON.
var byteOrderMark = []byte("\ufeff")

// jsonObject is a type of the contract into which a body is read. Its methods
// are generated from the schema.
type jsonObject interface {
	// readField reads the value of a field, and reports whether the schema has
	// the field.
	readField(b *bodyReader, name []byte) bool
	// required returns the names of the fields that must be present.
	required() []string
}

// bodyReader reads a JSON body token by token. It finds every violation of the
// schema in one pass, and builds no tree.
type bodyReader struct {
	text    bytes.Buffer
	limited io.LimitedReader
	decoder jsontext.Decoder
	name    []byte
	// seen has a bit for each required field of the object that is being read.
	seen   uint64
	faults []error
	// err is the decoder's first error. The decoder itself would continue inside
	// the value that it could not read.
	err error
}

var bodyReaders = sync.Pool{New: func() any { return new(bodyReader) }}

// readBody reads a request's body of at most limit bytes, which has one of the
// media types, into v. The faults are the violations of the schema; the other
// fields are valid. The error says that the body can't be read at all. The key,
// unless nil, gets the digest of the request. The holding has the bytes of the body.
func readBody(r *http.Request, held *holding, limit int64, v jsonObject, key *idempotencyKey, types ...string) (faults []error, err error) {
	if _, err := negotiation.MediaType(r.Header, types...); err != nil {
		return nil, err
	}
	b := bodyReaders.Get().(*bodyReader)
	defer b.free()
	if err := b.load(r, held, limit); err != nil {
		return nil, err
	}
	key.digestRequest(r, b.text.Bytes())
	b.decoder.Reset(&b.text)
	if err := b.readAll(v); err != nil {
		return nil, err
	}
	return b.faults, nil
}

func (b *bodyReader) free() {
	b.faults, b.seen, b.limited.R, b.err = nil, 0, nil, nil
	if b.text.Cap() <= maxPooled { // b.name is shorter: see maxName
		bodyReaders.Put(b)
	}
}

func tooLarge(limit int64) error {
	return newProblem(kindTooLarge, fmt.Sprintf("the body has more than %d bytes", limit))
}

func (b *bodyReader) load(r *http.Request, held *holding, limit int64) error {
	length := r.ContentLength
	switch {
	case length > limit:
		return tooLarge(limit)
	case !held.fits(length):
		return held.refuse(r, limit)
	case length < 0: // unknown
		length = limit + 1
	}
	switch fits, err := b.receive(r.Body, held, length); {
	case err != nil:
		return bodyError(err, "the body did not arrive whole; send it again")
	case !fits:
		return held.refuse(r, limit)
	case int64(b.text.Len()) > limit:
		return tooLarge(limit)
	}
	if bytes.HasPrefix(b.text.Bytes(), byteOrderMark) {
		b.text.Next(len(byteOrderMark))
	}
	if b.text.Len() == 0 {
		return newProblem(kindSyntax, "the body is empty; send a JSON object")
	}
	if !utf8.Valid(b.text.Bytes()) {
		return newProblem(kindSyntax, "the body is not valid UTF-8; encode it as UTF-8")
	}
	return nil
}

// receive reads a body of at most length bytes, and reports whether it fits into the
// budget. Memory is reserved for what arrives, and not for what is announced.
func (b *bodyReader) receive(body io.Reader, held *holding, length int64) (fits bool, err error) {
	b.text.Reset()
	b.limited.R = body
	for {
		size := int64(b.text.Len())
		step := min(max(size, uncounted), length-size)
		if step == 0 {
			return true, nil
		}
		if size > 0 {
			if !held.reserve(step) {
				return false, nil
			}
			b.text.Grow(int(step) + bytes.MinRead)
		}
		b.limited.N = step
		if n, err := b.text.ReadFrom(&b.limited); err != nil || n < step {
			return true, err
		}
	}
}

// readAll reads the whole body as one object.
func (b *bodyReader) readAll(v jsonObject) error {
	d := &b.decoder
	if d.PeekKind() != '{' {
		notAnObject := invalidField(wholeBody, domain.ReasonSyntax, "the body is not a JSON object", "send an object")
		if !endsWithin(d.UnreadBuffer(), maxValue) {
			return notAnObject
		}
		if err := d.SkipValue(); err != nil {
			return syntaxProblem(err)
		}
		if err := b.end(); err != nil {
			return err
		}
		return notAnObject
	}
	b.readObject(v)
	switch {
	case errors.Is(b.err, errStopped):
		return nil
	case b.err != nil:
		return syntaxProblem(b.err)
	}
	return b.end()
}

// readObject reads the fields of the object that follows.
func (b *bodyReader) readObject(v jsonObject) {
	outer := b.seen
	b.seen = 0
	_, _ = b.decoder.ReadToken()
	for b.err == nil && b.decoder.PeekKind() == '"' && b.boundedName() {
		var quoted jsontext.Value
		if quoted, b.err = b.decoder.ReadValue(); b.err != nil {
			return
		}
		if b.name, b.err = jsontext.AppendUnquote(b.name[:0], quoted); b.err != nil {
			return
		}
		if !v.readField(b, b.name) {
			b.unknown()
		}
	}
	if b.err == nil {
		_, b.err = b.decoder.ReadToken()
	}
	for i, name := range v.required() {
		if b.seen&(1<<i) == 0 && b.err == nil {
			b.missing(name)
		}
	}
	b.seen = outer
}

// end checks that nothing follows.
func (b *bodyReader) end() error {
	if _, err := b.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return newProblem(kindSyntax, fmt.Sprintf("something follows the JSON value, after byte %d; send one object and nothing after it",
			b.decoder.InputOffset()))
	}
	return nil
}

func (b *bodyReader) saw(required int) { b.seen |= 1 << required }

// bodyError is the problem of a body whose reading ended with err; io.EOF stays.
func bodyError(err error, incomplete string) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(kindTooSlow, incomplete)
	}
	return newProblem(kindSyntax, "the body can't be received; check its framing and send it again")
}

// syntaxProblem says what the decoder could not read, without the decoder's text.
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
