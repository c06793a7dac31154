package sqlcheck

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
)

// field is a field of a struct, or of a struct embedded in it.
type field struct {
	reflect.StructField
	index []int // from the outermost struct
}

// fieldsOf lists a struct's fields, those of embedded structs in their place.
func fieldsOf(t reflect.Type) ([]field, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is not a struct", t)
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !gotype.IsValue(f.Type):
			inner, err := fieldsOf(f.Type)
			if err != nil {
				return nil, err
			}
			for _, in := range inner {
				fields = append(fields, field{in.StructField, append([]int{i}, in.index...)})
			}
		case !f.IsExported():
			return nil, fmt.Errorf("field %s of %v must be exported", f.Name, t)
		default:
			fields = append(fields, field{f, []int{i}})
		}
	}
	for i, f := range fields {
		if slices.ContainsFunc(fields[:i], func(g field) bool { return g.Name == f.Name }) {
			return nil, fmt.Errorf("%v has two fields %s", t, f.Name)
		}
	}
	return fields, nil
}

func isTime(t reflect.Type) bool { return t == reflect.TypeFor[time.Time]() }

// isBool reports whether t is bool, or bools.
func isBool(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() == reflect.Bool
}

// checkValue reports an error unless t may be an argument or the value of a column:
// not a function or the like, nor an interface, whose values are of any type. Whether
// it fits a type of the database is the type check's to say.
func checkValue(t reflect.Type) error {
	value := t
	for depth := 0; value.Kind() == reflect.Pointer || value.Kind() == reflect.Slice; depth++ {
		if depth > 0 && value.Kind() == reflect.Pointer && t.Kind() == reflect.Pointer {
			return unsupported(t)
		}
		value = value.Elem()
	}
	if value.Implements(optional) {
		return unsupported(t)
	}
	switch value.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Uintptr, reflect.Interface, reflect.Complex64, reflect.Complex128:
		return unsupported(t)
	}
	return nil
}

func unsupported(t reflect.Type) error {
	return fmt.Errorf("type %v is not supported: use bool, a number, string, time.Time, an array of bytes, a type of pgtype, "+
		"one with Scan and Value, a struct or map for JSON, a slice of these, or a pointer to one", t)
}
