package sqlcheck

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// Transpose makes the parameters of a statement for many rows from those of the
// statement for one. Row is a struct, and Columns a struct of slices whose
// fields have the names of Row's:
//
//	type insertOrder struct {
//		ID     [16]byte
//		Note   *string
//		Placed time.Time
//	}
//
//	type insertOrders struct {
//		ID     [][16]byte
//		Note   []string
//		Placed []time.Time
//	}
//
//	var ordersOf = sqlcheck.Transpose[insertOrder, insertOrders]()
//
//	// … FROM unnest(?::uuid[], ?::text[], ?::timestamptz[]) AS v (id, note, placed)
//	rows, err := ordersInsert.All(ctx, db, ordersOf(orders))
//
// Element i of each slice is the value of row i. A field *T may be a slice of T,
// which has the zero value for nil: nullif in the statement makes NULL of it.
// Bytes, such as a json.RawMessage, may be strings. Without rows the slices are
// empty and not nil, which pgx would send as NULL.
//
// It is for package-level variables. Like New it panics with file and line if
// something is wrong: a field that only one of the structs has, or types that
// don't fit. The names in rowOnly are the fields of Row that Columns leaves out.
func Transpose[Row, Columns any](rowOnly ...string) func(rows []Row) Columns {
	row, columns := reflect.TypeFor[Row](), reflect.TypeFor[Columns]()
	plan, err := newTransposition(row, columns, rowOnly)
	if err != nil {
		panic(caller().report(fmt.Errorf("transposing %v to %v: %w", row, columns, err)))
	}
	return func(rows []Row) (c Columns) {
		plan.fill(reflect.ValueOf(rows), reflect.ValueOf(&c).Elem())
		return c
	}
}

// transposition moves the fields of rows into the fields of a struct of slices.
type transposition []transposedField

type transposedField struct {
	row, column []int // the indexes of the fields
	move        mover
}

func (plan transposition) fill(rows, columns reflect.Value) {
	for _, f := range plan {
		f.move(rows, f.row, columns.FieldByIndex(f.column))
	}
}

func newTransposition(row, columns reflect.Type, rowOnly []string) (plan transposition, err error) {
	from, fromErr := fieldsOf(row)
	to, toErr := fieldsOf(columns)
	if err := errors.Join(fromErr, toErr); err != nil {
		return nil, err
	}
	var wrong []error
	addf := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	for _, t := range to {
		i := slices.IndexFunc(from, func(f field) bool { return f.Name == t.Name })
		if i < 0 {
			addf("field %s of %v has no field of that name in %v: name both alike", t.Name, columns, row)
			continue
		}
		move := moverOf(from[i].Type, t.Type)
		if move == nil {
			addf("field %s is %v in %v, and %v in %v: make that a slice of it, of what it points to, or of strings for bytes",
				t.Name, from[i].Type, row, t.Type, columns)
		}
		plan = append(plan, transposedField{from[i].index, t.index, move})
	}
	for _, f := range from {
		transposed := slices.ContainsFunc(to, func(t field) bool { return t.Name == f.Name })
		switch excepted := slices.Contains(rowOnly, f.Name); {
		case transposed && excepted:
			addf("field %s is in both structs: don't name it in Transpose's arguments", f.Name)
		case !transposed && !excepted:
			addf("field %s of %v is not in %v: add a slice of that name, or name the field in Transpose's arguments", f.Name, row, columns)
		}
	}
	for _, name := range rowOnly {
		if !slices.ContainsFunc(from, func(f field) bool { return f.Name == name }) {
			addf("%v has no field %s, which Transpose's arguments name", row, name)
		}
	}
	return plan, errors.Join(wrong...)
}

// mover makes a slice of a field of all rows, and puts it into the column.
type mover func(rows reflect.Value, field []int, column reflect.Value)

// moverOf is the mover of a row's field into a column, nil if they don't fit.
func moverOf(field, column reflect.Type) mover {
	if column.Kind() != reflect.Slice {
		return nil
	}
	value, pointed := field, field.Kind() == reflect.Pointer
	if pointed {
		value = field.Elem()
	}
	switch element := column.Elem(); {
	case field == element:
		return valueMover(column)
	case value == element:
		return pointerMover(column)
	case value.Kind() == reflect.Slice && value.Elem().Kind() == reflect.Uint8 && element.Kind() == reflect.String:
		return moveBytes
	}
	return nil
}

// valueMover knows the types of most columns at compile time, which is faster.
func valueMover(column reflect.Type) mover {
	switch column {
	case reflect.TypeFor[[]string]():
		return moveValues[string]
	case reflect.TypeFor[[]int64]():
		return moveValues[int64]
	case reflect.TypeFor[[]bool]():
		return moveValues[bool]
	case reflect.TypeFor[[][16]byte]():
		return moveValues[[16]byte]
	case reflect.TypeFor[[]time.Time]():
		return moveValues[time.Time]
	}
	return moveAny
}

func pointerMover(column reflect.Type) mover {
	if column == reflect.TypeFor[[]string]() {
		return movePointers[string]
	}
	return moveAny
}

func moveValues[T any](rows reflect.Value, field []int, column reflect.Value) {
	all := make([]T, rows.Len())
	for i := range all {
		all[i] = *rows.Index(i).FieldByIndex(field).Addr().Interface().(*T)
	}
	*column.Addr().Interface().(*[]T) = all
}

func movePointers[T any](rows reflect.Value, field []int, column reflect.Value) {
	all := make([]T, rows.Len())
	for i := range all {
		if p := *rows.Index(i).FieldByIndex(field).Addr().Interface().(**T); p != nil {
			all[i] = *p
		}
	}
	*column.Addr().Interface().(*[]T) = all
}

func moveAny(rows reflect.Value, field []int, column reflect.Value) {
	all := reflect.MakeSlice(column.Type(), rows.Len(), rows.Len())
	for i := range all.Len() {
		value := rows.Index(i).FieldByIndex(field)
		if value.Type() != all.Type().Elem() {
			value = value.Elem() // of a pointer; not valid if that is nil
		}
		if value.IsValid() {
			all.Index(i).Set(value)
		}
	}
	column.Set(all)
}

func moveBytes(rows reflect.Value, field []int, column reflect.Value) {
	all := reflect.MakeSlice(column.Type(), rows.Len(), rows.Len())
	for i := range all.Len() {
		value := rows.Index(i).FieldByIndex(field)
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		if value.IsValid() {
			all.Index(i).SetString(string(value.Bytes()))
		}
	}
	column.Set(all)
}
