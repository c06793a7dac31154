package sqlcheck

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// columns describes the fields of a row struct.
type columns struct {
	typ    reflect.Type
	fields []column
}

type column struct {
	name  string // the field's db tag
	field string
	index []int
}

func columnsOf(t reflect.Type) (columns, error) {
	cols := columns{typ: t}
	fields, err := fieldsOf(t)
	if err != nil {
		return cols, fmt.Errorf("rows: %w", err)
	}
	var wrong []error
	for _, f := range fields {
		if err := cols.add(f); err != nil {
			wrong = append(wrong, err)
		}
	}
	return cols, errors.Join(wrong...)
}

func (cols *columns) add(f field) error {
	name := f.Tag.Get("db")
	if name == "" {
		return fmt.Errorf("field %s of %v needs a tag db:\"column\"", f.Name, cols.typ)
	}
	if i := slices.IndexFunc(cols.fields, func(c column) bool { return c.name == name }); i >= 0 {
		return fmt.Errorf("fields %s and %s of %v are both column %q", cols.fields[i].field, f.Name, cols.typ, name)
	}
	if err := checkValue(f.Type); err != nil {
		return fmt.Errorf("field %s of %v: %w", f.Name, cols.typ, err)
	}
	cols.fields = append(cols.fields, column{name, f.Name, f.index})
	return nil
}

// scanPlan is the field of each result column.
type scanPlan struct {
	result []string // the column names it is for
	index  [][]int
}

// plan gives the plan for a result. A variant always has the same columns, so
// the plan of its last result serves unless the database was changed.
func (cols *columns) plan(v *variant, result []pgconn.FieldDescription) (*scanPlan, error) {
	if p := v.scan.Load(); p != nil && p.fits(result) {
		return p, nil
	}
	p := &scanPlan{}
	var drift []error
	for _, r := range result {
		i := slices.IndexFunc(cols.fields, func(c column) bool { return c.name == r.Name })
		switch {
		case i < 0:
			drift = append(drift, fmt.Errorf("column %q has no field in %v", r.Name, cols.typ))
			continue
		case slices.Contains(p.result, r.Name):
			drift = append(drift, fmt.Errorf("column %q comes twice: give one another name", r.Name))
		}
		p.result, p.index = append(p.result, r.Name), append(p.index, cols.fields[i].index)
	}
	for _, c := range cols.fields {
		if !slices.Contains(p.result, c.name) {
			drift = append(drift, fmt.Errorf("field %s of %v has no column %q in the result", c.field, cols.typ, c.name))
		}
	}
	if len(drift) > 0 {
		return nil, errors.Join(drift...)
	}
	v.scan.Store(p)
	return p, nil
}

func (p *scanPlan) fits(result []pgconn.FieldDescription) bool {
	return slices.EqualFunc(p.result, result, func(name string, r pgconn.FieldDescription) bool { return name == r.Name })
}

// targets points at the field of row, a struct, for each column.
func (p *scanPlan) targets(row reflect.Value) []any {
	to := make([]any, len(p.index))
	for i, index := range p.index {
		to[i] = row.FieldByIndex(index).Addr().Interface()
	}
	return to
}
