package dataset

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// mostLines is how many lines one CSV record may span.
const mostLines = 1000

// csvReader reads CSV records in constant memory: a record ends at the first
// line end outside quotes. Where none is found within the most bytes of a line or mostLines, the
// record's first line is at fault and reading goes on with the second.
type csvReader struct {
	lines *lineReader
	again []line // read too far, to be read again
	text  []byte
}

// next returns the next record that is not blank, or io.EOF. Its number is
// that of its first line.
func (r *csvReader) next() (line, error) {
	first, err := r.line()
	if err != nil || first.fault != nil {
		return first, err
	}
	r.text = append(r.text[:0], first.text...)
	if closed(r.text) {
		return line{number: first.number, text: r.text}, nil
	}
	var more []line
	for open := true; open; {
		l, err := r.physical()
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, err
		}
		if err == nil {
			more = append(more, line{number: l.number, text: bytes.Clone(l.text), fault: l.fault})
			r.text = append(append(r.text, '\n'), l.text...)
			open = closed(l.text)
		}
		if err != nil || l.fault != nil || len(r.text) > r.lines.most || len(more) > mostLines {
			r.again = append(more, r.again...)
			fault := &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: "opens a quote that is not closed", Fix: `close it, and write a quote within quotes as ""`}
			return line{number: first.number, text: r.text[:len(first.text)], fault: fault}, nil
		}
	}
	return line{number: first.number, text: r.text}, nil
}

func (r *csvReader) line() (line, error) {
	for {
		l, err := r.physical()
		if err != nil || l.fault != nil || len(bytes.TrimSpace(l.text)) > 0 {
			return l, err
		}
	}
}

func (r *csvReader) physical() (line, error) {
	if len(r.again) > 0 {
		l := r.again[0]
		r.again = r.again[1:]
		return l, nil
	}
	return r.lines.physical()
}

func (r *csvReader) pause() bool { return len(r.again) == 0 && r.lines.pause() }

// closed reports whether text holds an even number of quotes.
func closed(text []byte) bool { return bytes.Count(text, []byte{'"'})%2 == 0 }

// table turns CSV records into JSON objects, so that both formats are read by
// the same rules.
type table struct {
	header []string
	source *bytes.Reader
	buffer *bufio.Reader
	object []byte
}

// newTable reads a header; known are the fields that it may name.
func newTable(header line, known []string) (*table, error) {
	t := &table{source: bytes.NewReader(nil)}
	t.buffer = bufio.NewReader(t.source)
	if header.fault != nil {
		return nil, fmt.Errorf("the header: %w", header.fault)
	}
	names, err := t.split(header.text)
	if err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	for i, name := range names {
		if !slices.Contains(known, name) {
			return nil, badHeader(fmt.Sprintf("the header names an unknown field %q", name), "use "+strings.Join(known, ", "))
		}
		if slices.Contains(names[:i], name) {
			return nil, badHeader(fmt.Sprintf("the header names the field %q twice", name), "name it once")
		}
	}
	t.header = names
	return t, nil
}

func badHeader(detail, fix string) error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: detail, Fix: fix}
}

func (t *table) split(text []byte) ([]string, error) {
	if !utf8.Valid(text) {
		return nil, notUTF8()
	}
	t.source.Reset(text)
	t.buffer.Reset(t.source)
	cells, err := csv.NewReader(t.buffer).Read()
	if err == nil {
		return cells, nil
	}
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		err = parse.Err
	}
	return nil, &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: "is not CSV", Fix: "mend its quotes", Err: err}
}

// json returns the record as a JSON object, valid until the next call.
func (t *table) json(text []byte) ([]byte, error) {
	cells, err := t.split(text)
	if err != nil {
		return nil, err
	}
	if len(cells) != len(t.header) {
		return nil, &domain.Error{
			Kind: domain.Invalid, Reason: domain.ReasonSyntax,
			Detail: fmt.Sprintf("has %d cells, and the header %d", len(cells), len(t.header)), Fix: "give a cell for each field",
		}
	}
	t.object = append(t.object[:0], '{')
	for i, cell := range cells {
		if err := t.member(t.header[i], cell); err != nil {
			return nil, err
		}
	}
	return append(t.object, '}'), nil
}

func (t *table) member(name, cell string) error {
	if cell == "" && name != "user_id" {
		return nil
	}
	if len(t.object) > 1 {
		t.object = append(t.object, ',')
	}
	t.object = append(append(append(t.object, '"'), name...), '"', ':')
	switch name {
	case "user_id":
		if cell == "" {
			t.object = append(t.object, "null"...)
			return nil
		}
	case "seats", "version", "attributes", "payload":
		if !jsontext.Value(cell).IsValid() {
			return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: name, Detail: "is not JSON", Fix: "send one JSON value, its names each once"}
		}
		t.object = append(t.object, cell...)
		return nil
	}
	var err error
	t.object, err = jsontext.AppendQuote(t.object, cell)
	return err
}
