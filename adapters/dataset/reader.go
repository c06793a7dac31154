package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/roster-directory/roster/ports"
)

// recordReader reads records, each as text.
type recordReader struct {
	lines interface {
		next() (line, error)
		// pause reports whether the next one has not arrived yet.
		pause() bool
	}
	table *table // nil for NDJSON
}

func newRecordReader(in io.Reader, csv bool, most int) recordReader {
	lines := newLineReader(in, most)
	if csv {
		return recordReader{lines: &csvReader{lines: lines}}
	}
	return recordReader{lines: lines}
}

// readHeader reads the header of CSV; known are the fields of the records.
func (r *recordReader) readHeader(known []string) error {
	header, err := r.lines.next()
	if errors.Is(err, io.EOF) {
		r.table = &table{}
		return nil
	}
	if err != nil {
		return err
	}
	r.table, err = newTable(header, known)
	return err
}

func (r *recordReader) next() (line, error) { return r.lines.next() }

// each reads the records to the end, each into an L and on into a T; next reads
// the text of one.
func each[L, T any](r *recordReader, next func() (line, error), record func(*L) (T, error), yield func(ports.Line[T], error) bool) {
	var fields L
	for {
		l, err := next()
		if errors.Is(err, io.EOF) {
			return
		}
		out := ports.Line[T]{Number: l.number, Size: len(l.text)}
		if err == nil {
			out.Record, out.Fault = parse(r.table, l, &fields, record)
			out.Pause = r.lines.pause()
		}
		if out.Fault != nil {
			out.Text = string(l.text)
		}
		if !yield(out, err) || err != nil {
			return
		}
	}
}

// fileReader reads the records of one file.
type fileReader struct {
	recordReader
	file *os.File
	name string
}

// open starts to read the file; known are the fields of its records.
func (f *file) open(ctx context.Context, known []string) (*fileReader, error) {
	r, err := f.openText(ctx)
	if err != nil || !f.csv {
		return r, err
	}
	if err := r.readHeader(known); err != nil {
		r.close()
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return r, nil
}

// openText starts to read the file's records as they stand there, a header first.
func (f *file) openText(ctx context.Context) (*fileReader, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("opening the data set: %w", err)
	}
	source := &counting{ctx: ctx, in: in, file: f}
	return &fileReader{recordReader: newRecordReader(source, f.csv, MaxLine), file: in, name: filepath.Base(f.path)}, nil
}

func (r *fileReader) next() (line, error) {
	l, err := r.recordReader.next()
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("reading %s: %w", r.name, err)
	}
	return l, err
}

func (r *fileReader) close() { _ = r.file.Close() } // read only: nothing is lost

// counting counts what is read of a file, and stops when ctx ends.
type counting struct {
	ctx  context.Context //nolint:containedctx // an io.Reader has no other way to be stopped
	in   io.Reader
	file *file
}

func (c *counting) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.in.Read(p)
	c.file.read.Add(int64(n))
	return n, err
}

// fieldsOf returns the JSON names of L's fields, in their order.
func fieldsOf[L any]() []string {
	var names []string
	for field := range reflect.TypeFor[L]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
