package sqlcheck

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// CopyDef defines a COPY into a table.
type CopyDef struct {
	Name  string // unique, as in Def
	Table string // with its schema, like "shop.orders"
}

// Copy is a defined COPY of rows R. It is safe for concurrent use.
type Copy[R any] struct{ *untypedCopy }

type untypedCopy struct {
	def    CopyDef
	place  place
	target func() (*target, error) // made once
}

// target is where a COPY writes.
type target struct {
	table   pgx.Identifier
	names   []string
	columns columns
	text    string
}

// NewCopy defines and registers a COPY whose columns are those that the db
// tags of R name. It is for package-level variables, and panics as New does;
// what is wrong with the table or with R is found when New's errors are.
func NewCopy[R any](def CopyDef) *Copy[R] {
	c := newCopy[R](def, caller())
	register("copy", def.Name, c.place, c.definition)
	return c
}

func newCopy[R any](def CopyDef, at place) *Copy[R] {
	row := reflect.TypeFor[R]()
	return &Copy[R]{&untypedCopy{def, at, sync.OnceValues(func() (*target, error) { return newTarget(def, row) })}}
}

func newTarget(def CopyDef, row reflect.Type) (*target, error) {
	schema, table, ok := strings.Cut(def.Table, ".")
	if !ok || schema == "" || table == "" {
		return nil, fmt.Errorf("table %q must be named with its schema, like \"shop.orders\"", def.Table)
	}
	columns, err := columnsOf(row)
	if err != nil {
		return nil, err
	}
	if len(columns.fields) == 0 {
		return nil, fmt.Errorf("%v has no columns", row)
	}
	t := &target{table: pgx.Identifier{schema, table}, columns: columns}
	for _, f := range columns.fields {
		t.names = append(t.names, f.name)
	}
	t.text = copyText(t.table, t.names)
	registered.note(t.text, def.Name) // before anybody can send it
	return t, nil
}

func (c *untypedCopy) definition() (Definition, error) {
	t, err := c.target()
	if err != nil {
		return Definition{}, wrongDefinition("copy", c.def.Name, err)
	}
	return Definition{
		Name: c.def.Name, Source: c.place.String(), Params: reflect.TypeFor[None](), Row: t.columns.typ,
		Variants: []Variant{{Text: t.text}},
	}, nil
}

// copyText is what pgx sends.
func copyText(table pgx.Identifier, columns []string) string {
	return fmt.Sprintf("copy %s ( %s ) from stdin binary;", table.Sanitize(), quotedList(columns))
}

// copyTypesText is what pgx prepares before, to learn the columns' types.
func copyTypesText(table pgx.Identifier, columns []string) string {
	return fmt.Sprintf("select %s from %s", quotedList(columns), table.Sanitize())
}

func quotedList(columns []string) string {
	var quoted []string
	for _, name := range columns {
		quoted = append(quoted, pgx.Identifier{name}.Sanitize())
	}
	return strings.Join(quoted, ", ")
}

// Send streams the rows into the table and returns how many it wrote: all of
// them or, with an error, none. An error in the sequence ends it,
// and so does a panic, which goes on to the caller.
func (c *Copy[R]) Send(ctx context.Context, db DB, rows iter.Seq2[R, error]) (written int64, err error) {
	t, err := c.target()
	if err != nil {
		return 0, wrap("copy", c.def.Name, c.place.wrong(err))
	}
	err = db.use(ctx, func(l link, _ bool) error {
		next, stop := iter.Pull2(rows)
		defer stop()
		source := &copySource[R]{next: next, fields: t.columns.fields, values: make([]any, len(t.names))}
		written, err = l.CopyFrom(ctx, t.table, t.names, source)
		if source.panicked != nil {
			panic(source.panicked)
		}
		switch cancelled := ctx.Err(); {
		case source.err != nil: // err is only the server's echo of it
			return source.err
		case err != nil && cancelled != nil && !errors.Is(err, cancelled):
			return fmt.Errorf("%w: %w", cancelled, err) // pgx closed the connection while it wrote
		}
		return err
	})
	return written, wrap("copy", c.def.Name, err)
}

// copySource feeds pgx, which encodes a row before it asks for the next one,
// so that one slice of values serves for all.
type copySource[R any] struct {
	next     func() (R, error, bool)
	fields   []column
	row      R
	values   []any
	err      error
	panicked any // what the sequence panicked with
}

// Next runs in a goroutine of pgx, where a panic would end the process; Send
// raises it again in the caller's.
func (s *copySource[R]) Next() (more bool) {
	defer func() {
		if s.panicked = recover(); s.panicked != nil {
			s.err, more = errPanicked, false
		}
	}()
	s.row, s.err, more = s.next()
	return more && s.err == nil
}

var errPanicked = errors.New("the sequence of rows panicked")

func (s *copySource[R]) Values() ([]any, error) {
	row := reflect.ValueOf(s.row)
	for i, f := range s.fields {
		s.values[i] = row.FieldByIndex(f.index).Interface()
	}
	return s.values, nil
}

func (s *copySource[R]) Err() error { return s.err }
