package sqlcheck

import (
	"fmt"
	"reflect"
	"slices"
	"time"
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
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !isTime(f.Type):
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

// checkValue reports an error unless t is a scalar, or a slice of scalars, or
// a pointer to a scalar (which may be NULL).
func checkValue(t reflect.Type) error {
	scalar := t
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		scalar = t.Elem()
	}
	switch k := scalar.Kind(); {
	case isTime(scalar), k == reflect.Bool, k == reflect.String:
	case k >= reflect.Int && k <= reflect.Uint64:
	case k == reflect.Float32, k == reflect.Float64:
	case k == reflect.Array && scalar.Elem().Kind() == reflect.Uint8: // a UUID
	case k == reflect.Slice && scalar.Elem().Kind() == reflect.Uint8: // an element or a nullable value of bytes
	case t.Kind() == reflect.Slice && k == reflect.Pointer && scalar.Elem().Kind() != reflect.Pointer:
		return checkValue(scalar) // an array with NULLs
	default:
		return fmt.Errorf("type %v is not supported: use bool, a number, string, time.Time, an array of bytes, "+
			"a slice of these, or a pointer to one", t)
	}
	return nil
}
