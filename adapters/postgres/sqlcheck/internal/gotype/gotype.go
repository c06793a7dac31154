// Package gotype tells which Go types are values of one column or argument, and
// whether they hold NULL.
package gotype

import (
	"database/sql"
	"database/sql/driver"
	"reflect"
	"time"
)

var (
	scanner = reflect.TypeFor[sql.Scanner]()
	valuer  = reflect.TypeFor[driver.Valuer]()
)

const pgtype = "github.com/jackc/pgx/v5/pgtype"

// IsValue reports whether a struct is one value, so that its fields are not columns or
// parameters even where it is embedded.
func IsValue(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || t.PkgPath() == pgtype || t.PkgPath() == "net/netip" || Scans(t) || Values(t)
}

// Scans reports whether a type reads a value of database/sql by its method Scan.
func Scans(t reflect.Type) bool { return reflect.PointerTo(t).Implements(scanner) }

// Values reports whether a type gives a value of database/sql by its method Value.
func Values(t reflect.Type) bool {
	return t.Implements(valuer) || reflect.PointerTo(t).Implements(valuer)
}

// HoldsNull reports whether a type has a value for NULL: nil, or a struct that is not
// valid. A type with Scan and Value says so itself.
func HoldsNull(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return true
	case reflect.Struct:
		if f, ok := t.FieldByName("Valid"); ok && t.PkgPath() == pgtype {
			return f.Type.Kind() == reflect.Bool
		}
	}
	v, err := Scan(t, nil)
	return err == nil && v == nil
}

// Fields lists the fields of a struct, those of embedded structs in place. It is flat
// if it embeds none. The indexes begin at the outermost struct.
func Fields(t reflect.Type) (fields []reflect.StructField, flat bool) {
	flat = true
	if t.Kind() != reflect.Struct {
		return nil, flat
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.Anonymous || f.Type.Kind() != reflect.Struct || IsValue(f.Type) {
			fields = append(fields, f)
			continue
		}
		flat = false
		inner, _ := Fields(f.Type)
		for _, in := range inner {
			in.Index = append([]int{i}, in.Index...)
			fields = append(fields, in)
		}
	}
	return fields, flat
}
