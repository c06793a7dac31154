package sqlcheck

import (
	"cmp"
	"fmt"
	"reflect"
	"sync"

	sq "github.com/Masterminds/squirrel"
)

// spec is a Def without the types of its parameters and rows, which it has as
// values.
type spec struct {
	name        string
	place       place
	params, row reflect.Type
	enums       map[string][]string
	most        int // variants; 0 is defaultMaxVariants
	plan        Gate
	replan      bool
	// One of the two is set.
	build func(params reflect.Value) sq.Sqlizer
	text  string
}

// untyped is the part of a Query that doesn't depend on its types, so that the
// compiler makes its code once, and not once for each query.
type untyped struct {
	spec
	form func() (*form, error) // made once
}

func newUntyped(s *spec) *untyped {
	s.most = cmp.Or(s.most, defaultMaxVariants)
	return &untyped{*s, sync.OnceValues(func() (*form, error) { return newForm(*s) })}
}

// definition builds every variant and checks what concerns them all.
func (q *untyped) definition() (Definition, error) {
	f, err := q.form()
	if err != nil {
		return Definition{}, wrongDefinition("query", q.name, err)
	}
	d := Definition{Name: q.name, Source: q.place.String(), Params: q.params, Row: q.row, Plan: q.plan}
	all, err := f.enumerate()
	for i, v := range all {
		d.Variants = append(d.Variants, Variant{Name: f.params.describe(i), Text: v.text, Args: v.fields()})
	}
	return d, wrongDefinition("query", q.name, err)
}

// statement gives the variant that parameters select and its arguments. The
// fields of a struct in an interface can be read without a copy, so the
// arguments cost two allocations in all: the interface and the slice.
func (q *untyped) statement(p reflect.Value) (*variant, []any, error) {
	f, err := q.form()
	if err != nil {
		return nil, nil, q.place.wrong(err)
	}
	n, err := f.params.variantOf(p)
	if err != nil {
		return nil, nil, err
	}
	v := f.variant(n)
	if v.err != nil {
		return nil, nil, q.place.wrong(v.err)
	}
	args := make([]any, len(v.args))
	for i, a := range v.args {
		args[i] = p.FieldByIndex(a.index).Interface()
	}
	return v, args, nil
}

// wrap names the query in an error and keeps the cause.
func (q *untyped) wrap(err error) error { return wrap("query", q.name, err) }

func wrap(kind, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q: %w", kind, name, err)
}
