package rest

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// The most bytes of one value of a field, and of the name of one. They are far more
// than any rule of the domain allows, however the value is spaced. What is longer is
// neither decoded nor copied, since that takes several times its size.
const (
	maxValue = 256 << 10
	maxName  = 1 << 10
)

// errStopped ends the reading of a body whose faults are known before its end.
var errStopped = errors.New("rest: the rest of the body is not read")

// stop adds a fault and ends the reading.
func (b *bodyReader) stop(fault error) {
	b.faults = append(b.faults[:min(len(b.faults), maxFaults-1)], fault)
	b.err = errStopped
}

// bounded stops the reading at a value that is too long, and reports whether the
// reading continues.
func (b *bodyReader) bounded() bool {
	if b.err == nil && !endsWithin(b.decoder.UnreadBuffer(), maxValue) {
		b.stop(invalidField(b.nextPointer(), domain.ReasonRange, "is longer than "+strconv.Itoa(maxValue)+" bytes", "shorten it"))
	}
	return b.err == nil
}

// boundedName is bounded for the name of a field.
func (b *bodyReader) boundedName() bool {
	if b.err == nil && !endsWithin(b.decoder.UnreadBuffer(), maxName) {
		b.stop(invalidField(wholeBody, domain.ReasonRange, "a field's name is longer than "+strconv.Itoa(maxName)+" bytes", "shorten it"))
	}
	return b.err == nil
}

// nextPointer is the JSON pointer of the value that follows.
func (b *bodyReader) nextPointer() string {
	kind, n := b.decoder.StackIndex(b.decoder.StackDepth())
	if kind != '[' {
		return b.pointer()
	}
	array := b.pointer()
	if n > 0 {
		array = array[:strings.LastIndexByte(array, '/')]
	}
	return array + "/" + strconv.FormatInt(n, 10)
}

// endsWithin reports whether the JSON value that follows in text ends within most
// bytes, without the space before it. It may report true for text that is no JSON.
func endsWithin(text []byte, most int) bool {
	if len(text) <= most {
		return true
	}
	if text = bytes.TrimLeft(text, " \t\r\n,:"); len(text) <= most {
		return true
	}
	depth := 0
	for i := 0; i < most; i++ {
		ended := false
		switch c := text[i]; {
		case c == '"':
			for i++; i < most && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			ended = i < most
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
			ended = true
		case c <= ' ' || c == ',' || c == ':':
			ended = true
		}
		if ended && depth <= 0 {
			return true
		}
	}
	return false
}

// missing adds a fault: the object that was read last lacks a field.
func (b *bodyReader) missing(name string) {
	fault := domain.Missing(name)
	if parent := b.pointer(); parent != "" {
		fault.Field = parent + "/" + name
	}
	b.addFault(fault)
}

// skip skips a value. Like the functions of json_fields.go, it keeps the
// decoder's error in err.
func (b *bodyReader) skip() {
	if b.bounded() {
		b.err = b.decoder.SkipValue()
	}
}

func (b *bodyReader) unknown() {
	b.addFault(domain.UnknownField(b.pointer()))
	b.skip()
}

// pointer is the JSON pointer of the value, or of the field name, that was read last.
func (b *bodyReader) pointer() string { return string(b.decoder.StackPointer()) }

// fault adds a fault of the value, or of the field name, that was read last.
func (b *bodyReader) fault(reason domain.Reason, detail, fix string) {
	b.addFault(invalidField(b.pointer(), reason, detail, fix))
}

// refuse adds an error of the domain as a fault of the value that was read last.
func (b *bodyReader) refuse(err error) {
	b.addFault(domain.InField(b.pointer(), err))
}

// addFault adds a fault. No more are worth reading for than are listed.
func (b *bodyReader) addFault(fault error) {
	if b.faults = append(b.faults, fault); len(b.faults) == maxFaults && b.err == nil {
		b.err = errStopped
	}
}
