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
)

// maxRecordLines is the maximum number of lines of a CSV record.
const maxRecordLines = 1000

// csvReader reads CSV records in constant memory. A record ends at the first end of
// a line outside quotes. If a record exceeds the maximum number of bytes or lines,
// its first line is at fault, and reading continues with its second line.
type csvReader struct {
	lines  *lineReader
	unread []line // lines to read again
	text   []byte
}

// next returns the next record that is not blank, or io.EOF. Its number is the
// number of its first line.
func (r *csvReader) next() (line, error) {
	first, err := nextNonBlank(r.readLine)
	if err != nil || first.fault != nil {
		return first, err
	}
	r.text = append(r.text[:0], first.text...)
	if quotesBalanced(r.text) {
		return line{number: first.number, text: r.text}, nil
	}
	var more []line
	for open := true; open; {
		l, err := r.readLine()
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, err
		}
		if err == nil {
			more = append(more, line{number: l.number, text: bytes.Clone(l.text), fault: l.fault})
			r.text = append(append(r.text, '\n'), l.text...)
			open = quotesBalanced(l.text)
		}
		if err != nil || l.fault != nil || len(r.text) > r.lines.maxBytes || len(more) > maxRecordLines {
			r.unread = append(more, r.unread...)
			fault := invalid("opens a quote that is not closed", `close it, and write a quote within quotes as ""`)
			return line{number: first.number, text: r.text[:len(first.text)], fault: fault}, nil
		}
	}
	return line{number: first.number, text: r.text}, nil
}

func (r *csvReader) readLine() (line, error) {
	if len(r.unread) > 0 {
		l := r.unread[0]
		r.unread = r.unread[1:]
		return l, nil
	}
	return r.lines.readLine()
}

func (r *csvReader) pause() bool { return len(r.unread) == 0 && r.lines.pause() }

// quotesBalanced reports whether text has an even number of quotes.
func quotesBalanced(text []byte) bool { return bytes.Count(text, []byte{'"'})%2 == 0 }

// csvConverter converts CSV records to JSON objects, so that the same rules apply
// to both formats.
type csvConverter struct {
	header []string
	source *bytes.Reader
	buffer *bufio.Reader
	object []byte
}

// newCSVConverter reads a header. known are the fields that it may name.
func newCSVConverter(header line, known []string) (*csvConverter, error) {
	c := &csvConverter{source: bytes.NewReader(nil)}
	c.buffer = bufio.NewReader(c.source)
	if header.fault != nil {
		return nil, fmt.Errorf("the header: %w", header.fault)
	}
	names, err := c.cells(header.text)
	if err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	for i, name := range names {
		if !slices.Contains(known, name) {
			return nil, invalid(fmt.Sprintf("the header names an unknown field %q", name), "use "+strings.Join(known, ", "))
		}
		if slices.Contains(names[:i], name) {
			return nil, invalid(fmt.Sprintf("the header names the field %q twice", name), "name it once")
		}
	}
	c.header = names
	return c, nil
}

// cells returns the cells of a record.
func (c *csvConverter) cells(text []byte) ([]string, error) {
	if !utf8.Valid(text) {
		return nil, notUTF8()
	}
	c.source.Reset(text)
	c.buffer.Reset(c.source)
	cells, err := csv.NewReader(c.buffer).Read()
	if err == nil {
		return cells, nil
	}
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		err = parse.Err
	}
	fault := invalid("is not CSV", "correct its quotes")
	fault.Err = err
	return nil, fault
}

// json returns the record as a JSON object, which is valid until the next call.
func (c *csvConverter) json(text []byte) ([]byte, error) {
	cells, err := c.cells(text)
	if err != nil {
		return nil, err
	}
	if len(cells) != len(c.header) {
		return nil, invalid(fmt.Sprintf("has %d cells, and the header %d", len(cells), len(c.header)), "give a cell for each field")
	}
	c.object = append(c.object[:0], '{')
	for i, cell := range cells {
		if err := c.appendField(c.header[i], cell); err != nil {
			return nil, err
		}
	}
	return append(c.object, '}'), nil
}

func (c *csvConverter) appendField(name, cell string) error {
	if cell == "" && name != "user_id" {
		return nil
	}
	if len(c.object) > 1 {
		c.object = append(c.object, ',')
	}
	c.object = append(append(append(c.object, '"'), name...), '"', ':')
	switch name {
	case "user_id":
		if cell == "" {
			c.object = append(c.object, "null"...)
			return nil
		}
	case "seats", "version", "attributes", "payload":
		if !jsontext.Value(cell).IsValid() {
			fault := invalid("is not JSON", "send one JSON value, in which each name occurs once")
			fault.Field = name
			return fault
		}
		c.object = append(c.object, cell...)
		return nil
	}
	var err error
	c.object, err = jsontext.AppendQuote(c.object, cell)
	return err
}
