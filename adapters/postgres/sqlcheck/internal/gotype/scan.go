package gotype

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
)

// errOneWay is that a type has only one of Scan and Value, so that what it does with
// a value can't be seen.
var errOneWay = errors.New("it has only one of Scan and Value")

// Scan gives a value to Scan of a type, and returns that of Value.
func Scan(t reflect.Type, value any) (back any, err error) {
	if !Scans(t) || !Values(t) {
		return nil, errOneWay
	}
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("it panics: %v", cause)
		}
	}()
	v := reflect.New(t)
	if err := v.Interface().(sql.Scanner).Scan(value); err != nil { //nolint:forcetypeassert // see above
		return nil, err
	}
	return v.Interface().(driver.Valuer).Value() //nolint:forcetypeassert // a pointer has the methods of the value, too
}

// IsOneWay reports whether Scan had nothing to see.
func IsOneWay(err error) bool { return errors.Is(err, errOneWay) }
