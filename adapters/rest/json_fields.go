package rest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// clearable is a field of a merge patch: absent, null, or a value.
type clearable[T any] struct {
	value *T
	null  bool
}

// wrongKind skips a value of the wrong kind and adds a fault.
func (b *bodyReader) wrongKind(kind jsontext.Kind, want string) {
	if b.skip(); b.err == nil {
		b.addFault(domain.WrongKind(b.pointer(), byte(kind), want))
	}
}

func readString[T ~string](b *bodyReader, into *T) bool {
	if kind := b.decoder.PeekKind(); kind != '"' {
		b.wrongKind(kind, "a string")
		return false
	}
	if !b.bounded() {
		return false
	}
	token, err := b.decoder.ReadToken()
	if err != nil {
		b.err = err
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
		b.wrongKind(kind, "an object")
		return
	}
	if !b.bounded() {
		return
	}
	value, err := b.decoder.ReadValue()
	if err != nil {
		b.err = err
		return
	}
	object := T(bytes.Clone(value))
	*into = &object
}

func readClearableString[T ~string](b *bodyReader, into *clearable[T]) {
	if into.null = b.readNull(); !into.null {
		readOptionalString(b, &into.value)
	}
}

func readClearableObject[T ~[]byte](b *bodyReader, into *clearable[T]) {
	if into.null = b.readNull(); !into.null {
		readOptionalObject(b, &into.value)
	}
}

// readNull reads null, if it follows.
func (b *bodyReader) readNull() bool {
	if b.decoder.PeekKind() != 'n' {
		return false
	}
	b.skip()
	return true
}

// readValue reads any value, as it is written.
func readValue(b *bodyReader, into *json.RawMessage) {
	if !b.bounded() {
		return
	}
	value, err := b.decoder.ReadValue()
	b.err = err
	*into = json.RawMessage(bytes.Clone(value))
}

func readTime(b *bodyReader, into *time.Time) {
	var text string
	if !readString(b, &text) {
		return
	}
	var err error
	if *into, err = domain.ParseTime("", text); err != nil {
		b.refuse(err)
	}
}

func readOptionalTime(b *bodyReader, into **time.Time) {
	*into = new(time.Time)
	readTime(b, *into)
}

// readNullableInteger reads a whole number, which may be written as 2.5e1, or null.
func readNullableInteger(b *bodyReader, into **int) {
	kind := b.decoder.PeekKind()
	if kind != '0' && kind != 'n' {
		b.wrongKind(kind, "a whole number or null")
		return
	}
	if !b.bounded() {
		return
	}
	value, err := b.decoder.ReadValue()
	if b.err = err; err != nil || kind == 'n' {
		return
	}
	n, err := domain.ParseInteger("", string(value))
	if err != nil {
		b.refuse(err)
		return
	}
	*into = new(int(n))
}

// readObjects reads an array of minimum to maximum objects.
func readObjects[T any, P interface {
	*T
	jsonObject
}](b *bodyReader, into *[]T, minimum, maximum int,
) {
	b.readArray(minimum, maximum, func() {
		*into = append(*into, *new(T)) // even for a wrong kind, so that each keeps its index
		if kind := b.decoder.PeekKind(); kind != '{' {
			b.wrongKind(kind, "an object")
			return
		}
		b.readObject(P(&(*into)[len(*into)-1]))
	})
}

// readStrings reads an array of minimum to maximum strings.
func readStrings[T ~string](b *bodyReader, into *[]T, minimum, maximum int) {
	*into = []T{} // no array is something else than an empty one
	b.readArray(minimum, maximum, func() {
		var text T
		readString(b, &text)
		*into = append(*into, text) // even for a wrong kind, so that each keeps its index
	})
}

// readArray reads an array of minimum to maximum elements, each by readElement. It
// stops at the first element too many.
func (b *bodyReader) readArray(minimum, maximum int, readElement func()) {
	if kind := b.decoder.PeekKind(); kind != '[' {
		b.wrongKind(kind, "an array")
		return
	}
	_, _ = b.decoder.ReadToken()
	n := 0
	for b.err == nil && b.decoder.PeekKind() > 0 && b.decoder.PeekKind() != ']' {
		if n++; n > maximum {
			array := strings.TrimSuffix(b.nextPointer(), "/"+strconv.Itoa(maximum))
			b.stop(invalidField(array, domain.ReasonRange, "has more than "+strconv.Itoa(maximum)+" entries", "split the request"))
			return
		}
		readElement()
	}
	if b.err == nil {
		_, b.err = b.decoder.ReadToken()
	}
	if b.err == nil && n < minimum {
		b.fault(domain.ReasonMissing, "has "+strconv.Itoa(n)+" entries; "+strconv.Itoa(minimum)+" is the least", "send more")
	}
}
