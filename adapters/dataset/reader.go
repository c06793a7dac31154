package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// recordReader reads the texts of records.
type recordReader struct {
	lines interface {
		next() (line, error)
		// pause reports whether the next record has not arrived yet.
		pause() bool
	}
	csv  *csvHeader // nil for NDJSON
	file *file      // nil for a stream
	in   io.Closer
}

func newRecordReader(in io.Reader, csv bool, maxBytes int) *recordReader {
	lines := newLineReader(in, csv, maxBytes)
	if csv {
		return &recordReader{lines: &csvReader{lines: lines}}
	}
	return &recordReader{lines: lines}
}

// readHeader reads the header of CSV. known are the fields of the records.
func (r *recordReader) readHeader(known []string) error {
	header, err := r.lines.next()
	if errors.Is(err, io.EOF) {
		r.csv = &csvHeader{}
		return nil
	}
	if err != nil {
		return err
	}
	r.csv, err = newCSVHeader(header, known)
	return err
}

func (r *recordReader) next() (line, error) {
	l, err := r.lines.next()
	if err == nil || errors.Is(err, io.EOF) || r.file == nil {
		return l, err
	}
	if errors.Is(err, domain.Invalid) {
		return l, fmt.Errorf("%s: %w", r.file.name(), err)
	}
	return l, fmt.Errorf("reading %s: %w", r.file.name(), err)
}

func (r *recordReader) close() {
	if r.in != nil {
		_ = r.in.Close() // it was only read: nothing is lost
	}
}

// open opens the file. known are the fields of its records.
func (f *file) open(ctx context.Context, known []string) (*recordReader, error) {
	r, err := f.openText(ctx)
	if err != nil || !f.csv {
		return r, err
	}
	if err := r.readHeader(known); err != nil {
		r.close()
		return nil, fmt.Errorf("%s: %w", f.name(), err)
	}
	return r, nil
}

// check reads the header of a CSV file, or the first line of another one.
func (f *file) check() error {
	r, err := f.open(context.Background(), knownFields(f.kind))
	if err != nil {
		return err
	}
	defer r.close()
	if !f.csv {
		if _, err = r.next(); errors.Is(err, io.EOF) {
			err = nil
		}
	}
	f.read.Store(0)
	return err
}

// openText opens the file to read its texts, with the header of CSV as the first.
func (f *file) openText(ctx context.Context) (*recordReader, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("opening the data set: %w", err)
	}
	var text io.Reader = &countingReader{ctx: ctx, in: in, file: f}
	if f.gzip && f.size > 0 {
		if text, err = newGzipReader(text, f.name()); err != nil {
			_ = in.Close() // it was only read: nothing is lost
			return nil, err
		}
	}
	r := newRecordReader(text, f.csv, MaxLine)
	r.file, r.in = f, in
	return r, nil
}

// countingReader counts the bytes that are read of a file, and fails when ctx ends.
type countingReader struct {
	ctx  context.Context // to cancel Read
	in   io.Reader
	file *file
}

func (c *countingReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.in.Read(p)
	c.file.read.Add(int64(n))
	return n, err
}

// knownFields returns the fields of the records of a kind.
func knownFields(kind ports.RecordKind) []string {
	switch kind {
	case ports.PlanRecords:
		return fieldsOf[planLine]()
	case ports.OrganizationRecords:
		return fieldsOf[organizationLine]()
	case ports.UserRecords:
		return fieldsOf[userLine]()
	case ports.MembershipRecords:
		return fieldsOf[membershipLine]()
	default:
		return fieldsOf[eventLine]()
	}
}

// fieldsOf returns the JSON names of the fields of L in their order.
func fieldsOf[L any]() []string {
	var names []string
	for field := range reflect.TypeFor[L]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
