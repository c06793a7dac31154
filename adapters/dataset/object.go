package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Lines are structs of strings, numbers that may be absent and raw values. They
// are read and written here, over the tokens of jsontext: the reflection of its
// parent package is a fiftieth of the program, for nothing else in it.

// lineField is a field of a line.
type lineField struct {
	name  string // in JSON and CSV
	index int
	// always is whether it is written though it is zero.
	always bool
}

// lineFields are the fields of every kind of line.
var lineFields = fieldsOfLines(planLine{}, organizationLine{}, userLine{}, membershipLine{}, eventLine{}, rejectLine{})

func fieldsOfLines(lines ...any) map[reflect.Type][]lineField {
	all := map[reflect.Type][]lineField{}
	for _, line := range lines {
		kind := reflect.TypeOf(line)
		for i := range kind.NumField() {
			name, options, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			all[kind] = append(all[kind], lineField{name: name, index: i, always: options != "omitzero"})
		}
	}
	return all
}

// readObject reads the only value of a text, an object, into a line.
func readObject(text []byte, line reflect.Value) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	switch d.PeekKind() {
	case '{', 0:
	case 'n': // what begins so is null at best, and mostly prose
		return notAnObject()
	default:
		if err := d.SkipValue(); err != nil {
			return err
		}
		return notAnObject()
	}
	if _, err := d.ReadToken(); err != nil {
		return whole(err, d)
	}
	fields := lineFields[line.Type()]
	for d.PeekKind() == '"' {
		if err := readMember(d, fields, line); err != nil {
			return whole(err, d)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return whole(err, d)
	}
	if end := d.InputOffset(); len(bytes.TrimLeft(text[end:], " \t\r\n")) > 0 {
		return &jsontext.SyntacticError{ByteOffset: end, Err: errors.New("more than one value")}
	}
	return nil
}

// whole makes an end within the object an error of its syntax.
func whole(err error, d *jsontext.Decoder) error {
	if errors.Is(err, io.EOF) {
		return &jsontext.SyntacticError{ByteOffset: d.InputOffset(), Err: io.ErrUnexpectedEOF}
	}
	return err
}

func readMember(d *jsontext.Decoder, fields []lineField, line reflect.Value) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	name := token.String()
	for _, field := range fields {
		if field.name == name {
			return readField(d, line.Field(field.index))
		}
	}
	return misread(d.StackPointer(), "is not a field", "take it out")
}

// readField reads a member's value; null leaves all but a raw value as it is.
func readField(d *jsontext.Decoder, field reflect.Value) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	kind := value.Kind()
	if raw, ok := field.Addr().Interface().(*jsontext.Value); ok {
		*raw = value.Clone()
		return nil
	}
	switch {
	case kind == 'n':
		return nil
	case kind == '"' && field.Kind() == reflect.String:
		text, err := jsontext.AppendUnquote(nil, value)
		field.SetString(string(text))
		return err
	case kind == '0' && field.Kind() == reflect.Pointer:
		n, err := strconv.ParseInt(string(value), 10, 64)
		if err == nil {
			field.Set(reflect.ValueOf(&n))
			return nil
		}
	}
	return misread(d.StackPointer(), fmt.Sprintf("can't be a %v", kind), "mend the line")
}

func misread(at jsontext.Pointer, detail, fix string) error {
	fault := notAnObject()
	fault.Field, fault.Detail, fault.Fix = fieldAt(at), detail, fix
	return fault
}

// writeObject writes a line, and ends it.
func writeObject(e *jsontext.Encoder, line reflect.Value) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, f := range lineFields[line.Type()] {
		field := line.Field(f.index)
		if !f.always && field.IsZero() {
			continue
		}
		if err := e.WriteToken(jsontext.String(f.name)); err != nil {
			return err
		}
		if err := writeField(e, field); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

func writeField(e *jsontext.Encoder, field reflect.Value) error {
	switch value := field.Interface().(type) {
	case jsontext.Value:
		return e.WriteValue(value)
	case *int64:
		if value == nil {
			return e.WriteToken(jsontext.Null)
		}
		return e.WriteToken(jsontext.Int(*value))
	case int64:
		return e.WriteToken(jsontext.Int(value))
	default:
		return e.WriteToken(jsontext.String(field.String()))
	}
}
