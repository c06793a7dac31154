package dataset

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// maxUnknown is how many unknown fields of a line or a header are named.
const maxUnknown = 20

// lineDecoder reads the fields of lines, one line after the other, into one struct.
type lineDecoder struct {
	names []string
	// targets are the fields of the struct: *string, **int64 or *jsontext.Value. An
	// absent field is zero.
	targets []any
	source  bytes.Buffer
	json    jsontext.Decoder
	name    []byte
}

func newLineDecoder[L any](into *L) *lineDecoder {
	d := &lineDecoder{names: fieldsOf[L]()}
	fields := reflect.ValueOf(into).Elem()
	for i := range fields.NumField() {
		d.targets = append(d.targets, fields.Field(i).Addr().Interface())
	}
	return d
}

func (d *lineDecoder) reset() {
	for _, target := range d.targets {
		switch field := target.(type) {
		case *string:
			*field = ""
		case **int64:
			*field = nil
		case *jsontext.Value:
			*field = (*field)[:0]
		}
	}
}

// readObject reads one JSON object, and adds the faults of its fields. The error is
// that of a line that can't be read as a whole.
func (d *lineDecoder) readObject(text []byte, p *lineParser) error {
	d.reset()
	if !utf8.Valid(text) {
		return notUTF8("save the file as UTF-8")
	}
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) == 0 || trimmed[0] != '{' {
		return notAnObject(trimmed, d.names)
	}
	d.source = *bytes.NewBuffer(text)
	d.json.Reset(&d.source)
	if err := d.readFields(p); err != nil {
		return notJSON(err)
	}
	if rest := bytes.TrimSpace(text[d.json.InputOffset():]); len(rest) > 0 {
		return moreThanAnObject(text, rest)
	}
	return nil
}

// readFields refuses unknown fields, fields that are given twice, and values of the
// wrong kind.
func (d *lineDecoder) readFields(p *lineParser) error {
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	unknown := 0
	for d.json.PeekKind() != '}' {
		quoted, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		name := d.unquoted(quoted)
		i := slices.IndexFunc(d.names, func(known string) bool { return known == string(name) })
		if i >= 0 {
			err = d.readValue(i, p)
		} else {
			if unknown++; unknown <= maxUnknown {
				p.add(d.unknownField(string(name), unknown == 1))
			}
			err = d.json.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	return err
}

// unquoted returns the text of a JSON string, which is valid until the next call.
func (d *lineDecoder) unquoted(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 && len(quoted) >= 2 {
		return quoted[1 : len(quoted)-1]
	}
	d.name, _ = jsontext.AppendUnquote(d.name[:0], quoted)
	return d.name
}

// unknownField names a field that the records do not have. The first fault of a line
// lists the known ones.
func (d *lineDecoder) unknownField(name string, first bool) error {
	fault := domain.UnknownField(shortName(name))
	if first {
		fault.Fix += "; the fields are " + strings.Join(d.names, ", ")
	}
	return fault
}

// shortName shortens a name for a message.
func shortName(name string) string {
	const limit = 64
	if len(name) > limit {
		return strings.ToValidUTF8(name[:limit], "") + "…"
	}
	return name
}

// readValue reads the value of a known field. null is a missing field.
func (d *lineDecoder) readValue(i int, p *lineParser) error {
	kind := d.json.PeekKind()
	if field, any := d.targets[i].(*jsontext.Value); any {
		value, err := d.json.ReadValue()
		*field = append(*field, value...)
		return err
	}
	if kind == 'n' {
		return d.json.SkipValue()
	}
	switch field := d.targets[i].(type) {
	case *string:
		if kind != '"' {
			return d.wrongKind(i, kind, "a string", p)
		}
		token, err := d.json.ReadToken()
		if err == nil {
			*field = token.String()
		}
		if err == nil && *field == "" {
			p.empty = append(p.empty, d.names[i])
		}
		return err
	case **int64:
		if kind != '0' {
			return d.wrongKind(i, kind, "a whole number or null", p)
		}
		number, err := d.json.ReadValue()
		if err == nil {
			d.readInteger(i, field, string(number), p)
		}
		return err
	}
	return d.json.SkipValue()
}

func (d *lineDecoder) wrongKind(i int, kind jsontext.Kind, want string, p *lineParser) error {
	err := d.json.SkipValue()
	if err == nil {
		p.add(domain.WrongKind(d.names[i], byte(kind), want))
	}
	return err
}

func (d *lineDecoder) readInteger(i int, field **int64, text string, p *lineParser) {
	n, err := domain.ParseInteger(d.names[i], text)
	if err != nil {
		p.add(err)
		return
	}
	*field = &n
}

// readCells reads the cells of a CSV record. columns are the indexes of their fields.
// An empty cell is a missing field, and an empty user_id an erased user.
func (d *lineDecoder) readCells(columns []int, cells []string, p *lineParser) {
	d.reset()
	for column, cell := range cells {
		i := columns[column]
		if cell == "" && d.names[i] != "user_id" {
			continue
		}
		switch field := d.targets[i].(type) {
		case *string:
			*field = cell
		case **int64:
			if number := strings.TrimSpace(cell); number != "null" {
				d.readInteger(i, field, number, p)
			}
		case *jsontext.Value:
			d.readJSONCell(i, field, cell, p)
		}
	}
}

func (d *lineDecoder) readJSONCell(i int, field *jsontext.Value, cell string, p *lineParser) {
	switch {
	case d.names[i] == "user_id" && cell == "":
		*field = append(*field, "null"...)
	case d.names[i] == "user_id":
		*field, _ = jsontext.AppendQuote(*field, cell) // it is valid UTF-8
	case jsontext.Value(cell).IsValid():
		*field = append(*field, cell...)
	default:
		p.refuse(d.names[i], "is not JSON", "send one JSON value, in which each name occurs once")
	}
}

// parse converts a line to an L by the rules of its format, and that to a T.
func parse[L, T any](d *lineDecoder, c *csvHeader, l line, fields *L, record func(*L, *lineParser) T) (out T, err error) {
	if l.fault != nil {
		return out, l.fault
	}
	var p lineParser
	if c == nil {
		err = d.readObject(l.text, &p)
	} else {
		err = c.readRecord(l.text, d, &p)
	}
	if err != nil {
		return out, err
	}
	out = record(fields, &p)
	return out, p.fault()
}
