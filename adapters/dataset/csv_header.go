package dataset

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roster-directory/roster/domain"
)

// csvHeader is the header of a CSV file. It reads the records after it.
type csvHeader struct {
	columns []int // for each column, the index of its field
	source  *bytes.Reader
	buffer  *bufio.Reader
}

// newCSVHeader reads a header. known are the fields that it may name.
func newCSVHeader(header line, known []string) (*csvHeader, error) {
	c := &csvHeader{source: bytes.NewReader(nil)}
	c.buffer = bufio.NewReader(c.source)
	if fault := notCommas(header.text, known); fault != nil {
		return nil, fault
	}
	if header.fault != nil {
		return nil, ofHeader(header.fault)
	}
	names, err := c.cells(header.text)
	if err != nil {
		return nil, ofHeader(err)
	}
	if len(names) == 1 && strings.Contains(names[0], ",") {
		return nil, invalid("the header is one cell within quotes", `remove the quotes around each line, and write "" within it as "`)
	}
	if fault := wrongNames(names, known); fault != nil {
		return nil, fault
	}
	for _, name := range names {
		c.columns = append(c.columns, slices.Index(known, name))
	}
	return c, nil
}

// ofHeader says of a fault that it is the header's.
func ofHeader(err error) error {
	if fault, ok := errors.AsType[*domain.Error](err); ok {
		header := *fault
		header.Detail = "the header " + strings.TrimPrefix(header.Detail, "the line ")
		return &header
	}
	return err
}

// notCommas returns the fault of a header that is not one of CSV with commas; nil of
// any other.
func notCommas(text []byte, known []string) error {
	trimmed := strings.ToLower(strings.Trim(string(text), "\" \t"))
	switch {
	case bytes.IndexByte(trimEnd(text), '\r') >= 0:
		return invalid("CR alone ends the lines", saveWithLF)
	case strings.HasPrefix(trimmed, "sep="):
		return invalid("the first line is "+shortName(trimmed)+", which only some spreadsheets understand",
			"remove the first line, and separate cells by commas")
	case strings.HasPrefix(trimmed, "{"), strings.HasPrefix(trimmed, "["):
		return invalid("the header is JSON, not CSV",
			"let the name of the file end with .ndjson, or send it as application/x-ndjson; "+oneALine)
	}
	if _, separator := isHeader(text, known); separator != "" && separator != "commas" {
		return notSeparated(separator)
	}
	if bytes.IndexByte(text, ',') >= 0 {
		return nil
	}
	for _, separator := range separators { // the names are unknown, too
		if bytes.Contains(text, []byte(separator.text)) {
			return notSeparated(separator.name)
		}
	}
	return nil
}

func notSeparated(separator string) error {
	return invalid(separator+" separate the names of the header, not commas", saveAsCSV)
}

// wrongNames returns one fault that tells all names of a header which are wrong; nil
// if none is.
func wrongNames(names, known []string) error {
	var unknown, twice []string
	empty := 0
	for i, name := range names {
		quoted := fmt.Sprintf("%q", shortName(name))
		switch {
		case name == "":
			empty++
		case !slices.Contains(known, name) && !slices.Contains(unknown, quoted):
			unknown = append(unknown, quoted)
		case slices.Contains(names[:i], name) && !slices.Contains(twice, quoted):
			twice = append(twice, quoted)
		}
	}
	var details, fixes []string
	if len(unknown) > 0 {
		details = append(details, "names "+plural(len(unknown), "the unknown field", "unknown fields")+" "+listed(unknown))
		fixes = append(fixes, "name the fields in the first line, which are "+strings.Join(known, ", "))
	}
	if len(twice) > 0 {
		details = append(details, "names "+plural(len(twice), "the field", "the fields")+" "+listed(twice)+" twice")
		fixes = append(fixes, "name each field once")
	}
	if empty > 0 {
		details = append(details, fmt.Sprintf("has %d %s without a name", empty, plural(empty, "column", "columns")))
		fixes = append(fixes, "delete the empty columns")
	}
	if len(details) == 0 {
		return nil
	}
	return invalid("the header "+strings.Join(details, ", and "), strings.Join(fixes, "; "))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// listed lists names, as many as a message should have.
func listed(names []string) string {
	if len(names) > maxUnknown {
		return strings.Join(names[:maxUnknown], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// cells returns the cells of a record.
func (c *csvHeader) cells(text []byte) ([]string, error) {
	if !utf8.Valid(text) {
		return nil, notUTF8(saveAsCSV)
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

// readRecord reads a record, and adds the faults of its cells. The error is that of
// a record that can't be read as a whole.
func (c *csvHeader) readRecord(text []byte, d *lineDecoder, p *lineParser) error {
	cells, err := c.cells(text)
	if err != nil {
		return err
	}
	if len(cells) == len(c.columns) {
		d.readCells(c.columns, cells, p)
		return nil
	}
	has := fmt.Sprintf("has %d %s, and the header %d", len(cells), plural(len(cells), "cell", "cells"), len(c.columns))
	return invalid(has, c.cureOf(text, cells))
}

// cureOf says what to do about a record with too few or too many cells.
func (c *csvHeader) cureOf(text []byte, cells []string) string {
	switch {
	case bytes.IndexByte(text, '\r') >= 0:
		return saveWithLF
	case len(cells) == 1 && len(c.columns) > 1 && strings.ContainsAny(cells[0], ";\t|"):
		return "separate cells by commas: " + saveAsCSV
	case len(cells) < len(c.columns):
		return "give a cell for each field"
	case strings.Join(cells[len(c.columns):], "") == "":
		return "remove the empty cells at its end"
	}
	return "write a cell that has a comma within quotes"
}
