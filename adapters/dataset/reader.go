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
)

// fileReader reads the records of one file, each as text.
type fileReader struct {
	file  *os.File
	name  string
	lines interface{ next() (line, error) }
	table *table // nil for NDJSON
}

// open starts to read the file; known are the fields of its records.
func (f *file) open(ctx context.Context, known []string) (*fileReader, error) {
	r, err := f.openText(ctx)
	if err != nil || !f.csv {
		return r, err
	}
	header, err := r.lines.next()
	if err == nil {
		r.table, err = newTable(header, known)
	} else if errors.Is(err, io.EOF) {
		r.table, err = &table{}, nil
	}
	if err != nil {
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
	r := &fileReader{file: in, name: filepath.Base(f.path)}
	lines := newLineReader(&counting{ctx: ctx, in: in, file: f})
	if r.lines = lines; f.csv {
		r.lines = &csvReader{lines: lines}
	}
	return r, nil
}

func (r *fileReader) next() (line, error) {
	l, err := r.lines.next()
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
