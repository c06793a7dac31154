package sqlcheck

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// params describes the fields of a parameter struct.
type params struct {
	typ     reflect.Type
	args    []*param
	choices []*choice
	bools   int // how many of args are bools
}

// param is a field that can be an argument; of an Opt, its V.
type param struct {
	name  string
	tag   string // db, by which a text may call it
	index []int
	typ   reflect.Type
	enum  bool // also a choice
	code  int  // of a bool, or bools: a number from 1 that no other has
}

// choice is a field whose value selects the variant: a string, a bool, or the
// Set of an Opt.
type choice struct {
	name   string
	index  []int
	values []string
}

var (
	optional = reflect.TypeFor[interface{ optional() }]()
	bools    = []string{"false", "true"}
)

func paramsOf(t reflect.Type, enums map[string][]string) (params, error) {
	ps := params{typ: t}
	fields, err := fieldsOf(t)
	if err != nil {
		return ps, fmt.Errorf("parameters: %w", err)
	}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(enums)) {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.Name == name }) {
			wrong = append(wrong, fmt.Errorf("Enums: %v has no field %s", t, name))
		}
	}
	for _, f := range fields {
		values, enum := enums[f.Name]
		if err := ps.add(f, values, enum); err != nil {
			wrong = append(wrong, fmt.Errorf("field %s of %v: %w", f.Name, t, err))
		}
	}
	return ps, errors.Join(wrong...)
}

func (ps *params) add(f field, values []string, enum bool) error {
	p := &param{name: f.Name, tag: f.Tag.Get("db"), index: f.index, typ: f.Type, enum: enum}
	switch {
	case enum:
		if err := checkEnum(f.Type, values); err != nil {
			return err
		}
		ps.choices = append(ps.choices, &choice{f.Name, f.index, values})
	case f.Type.Implements(optional):
		p.index, p.typ = slices.Concat(f.index, []int{0}), f.Type.Field(0).Type
		ps.choices = append(ps.choices, &choice{f.Name, slices.Concat(f.index, []int{1}), bools})
	}
	if isBool(p.typ) {
		ps.bools++
		p.code = ps.bools
	}
	ps.args = append(ps.args, p)
	return checkValue(p.typ)
}

func checkEnum(t reflect.Type, values []string) error {
	switch t.Kind() {
	case reflect.Bool:
		if !slices.Equal(values, bools) {
			return errors.New(`Enums of a bool are "false", "true"`)
		}
	case reflect.String:
		if unique := slices.Compact(slices.Sorted(slices.Values(values))); len(unique) != len(values) || len(values) == 0 {
			return fmt.Errorf("Enums %q must be some values, each once", values)
		}
	default:
		return fmt.Errorf("only a string or a bool can be enumerated, not %v", t)
	}
	return nil
}

// variants is how many combinations the choices have, counted no further than
// needed to see that they are too many.
func (ps *params) variants() int {
	n := 1
	for _, c := range ps.choices {
		n *= len(c.values)
		if n > 1<<20 {
			return n
		}
	}
	return n
}

// variantOf is the number of the variant that the parameters v select.
func (ps *params) variantOf(v reflect.Value) (int, error) {
	n := 0
	for _, c := range ps.choices {
		i := c.of(v.FieldByIndex(c.index))
		if i < 0 {
			return 0, fmt.Errorf("%s is %q, which is none of %q", c.name, v.FieldByIndex(c.index), c.values)
		}
		n = n*len(c.values) + i
	}
	return n, nil
}

// choose sets the fields of v so that they select variant n.
func (ps *params) choose(v reflect.Value, n int) {
	for _, c := range slices.Backward(ps.choices) {
		f, value := v.FieldByIndex(c.index), c.values[n%len(c.values)]
		if f.Kind() == reflect.Bool {
			f.SetBool(value == bools[1])
		} else {
			f.SetString(value)
		}
		n /= len(c.values)
	}
}

// describe names variant n by its choices.
func (ps *params) describe(n int) string {
	v := reflect.New(ps.typ).Elem()
	ps.choose(v, n)
	var words []string
	for _, c := range ps.choices {
		switch f := v.FieldByIndex(c.index); {
		case f.Kind() == reflect.String:
			words = append(words, c.name+"="+f.String())
		case f.Bool():
			words = append(words, c.name)
		}
	}
	return strings.Join(words, " ")
}

// of is the position of a field's value among the choice's, or -1.
func (c *choice) of(f reflect.Value) int {
	if f.Kind() == reflect.String {
		return slices.Index(c.values, f.String())
	}
	if f.Bool() {
		return 1
	}
	return 0
}
