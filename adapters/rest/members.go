package rest

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// clearable is a member of a merge patch: absent, null, or a value.
type clearable[T any] struct {
	value *T
	null  bool
}

// skip leaves a value out. Here and below, an error of the decoder is one of
// syntax, which object returns.
func (b *bodyReader) skip() { b.broken = b.decoder.SkipValue() }

func (b *bodyReader) unknown() {
	b.fault(b.place(), domain.ReasonUnknown, "is not a member of this object", "remove it, or check how it is spelt")
	b.skip()
}

// wrong skips a value of the wrong kind and says so.
func (b *bodyReader) wrong(kind jsontext.Kind, want string) {
	if b.skip(); b.broken == nil {
		b.fault(b.place(), domain.ReasonSyntax, "is "+kindName(kind)+", not "+want, "send "+want+", or leave it out if it is optional")
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

func readClearableString[T ~string](b *bodyReader, into *clearable[T]) {
	if into.null = b.null(); !into.null {
		readOptionalString(b, &into.value)
	}
}

func readClearableObject[T ~[]byte](b *bodyReader, into *clearable[T]) {
	if into.null = b.null(); !into.null {
		readOptionalObject(b, &into.value)
	}
}

// null reads null, if that is what follows.
func (b *bodyReader) null() bool {
	if b.decoder.PeekKind() != 'n' {
		return false
	}
	b.skip()
	return true
}

// readValue takes any value over as it is written.
func readValue(b *bodyReader, into *json.RawMessage) {
	value, err := b.decoder.ReadValue()
	b.broken = err
	*into = json.RawMessage(bytes.Clone(value))
}

func readTime(b *bodyReader, into *time.Time) {
	var text string
	if readString(b, &text) && into.UnmarshalText([]byte(text)) != nil {
		b.fault(b.place(), domain.ReasonSyntax, "is not a time of RFC 3339", "send a time such as 2026-01-01T00:00:00Z")
	}
}

// readNullableInteger reads a whole number, however it is written, or null.
func readNullableInteger(b *bodyReader, into **int) {
	kind := b.decoder.PeekKind()
	if kind != '0' && kind != 'n' {
		b.wrong(kind, "a whole number or null")
		return
	}
	value, err := b.decoder.ReadValue()
	if b.broken = err; err != nil || kind == 'n' {
		return
	}
	n, err := strconv.Atoi(string(value))
	if err != nil {
		exact, _ := strconv.ParseFloat(string(value), 64)
		if exact != math.Trunc(exact) || math.Abs(exact) > 1<<53 {
			b.fault(b.place(), domain.ReasonSyntax, "is not a whole number, or too large", "send a number such as 25")
			return
		}
		n = int(exact)
	}
	*into = &n
}

// readObjects reads an array of least to most objects.
func readObjects[T any, P interface {
	*T
	members
}](b *bodyReader, into *[]T, least, most int,
) {
	b.array(least, most, func() {
		*into = append(*into, *new(T)) // even for what is none, so that each keeps its place
		if kind := b.decoder.PeekKind(); kind != '{' {
			b.wrong(kind, "an object")
			return
		}
		b.object(P(&(*into)[len(*into)-1]))
	})
}

// readStrings reads an array of least to most strings.
func readStrings[T ~string](b *bodyReader, into *[]T, least, most int) {
	b.array(least, most, func() {
		var text T
		readString(b, &text)
		*into = append(*into, text) // even for what is none, so that each keeps its place
	})
}

// array reads each of the first most elements of an array by one.
func (b *bodyReader) array(least, most int, one func()) {
	if kind := b.decoder.PeekKind(); kind != '[' {
		b.wrong(kind, "an array")
		return
	}
	_, _ = b.decoder.ReadToken()
	n := 0
	for b.broken == nil && b.decoder.PeekKind() > 0 && b.decoder.PeekKind() != ']' {
		if n++; n > most {
			b.skip()
		} else {
			one()
		}
	}
	if b.broken == nil {
		_, b.broken = b.decoder.ReadToken()
	}
	switch {
	case b.broken != nil:
	case n < least:
		b.fault(b.place(), domain.ReasonMissing, "has "+strconv.Itoa(n)+" entries; "+strconv.Itoa(least)+" is the least", "send more")
	case n > most:
		b.fault(b.place(), domain.ReasonRange, "has "+strconv.Itoa(n)+" entries; "+strconv.Itoa(most)+" is the most", "split the request")
	}
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
