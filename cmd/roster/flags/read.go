package flags

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// read sets the field to the value that the text has.
func (f *Flag) read(text string) error {
	if len(f.choices) > 0 && !slices.Contains(f.choices, text) {
		return fmt.Errorf("it must be one of %s", strings.Join(f.choices, ", "))
	}
	if f.field.Type() == reflect.TypeFor[time.Duration]() {
		return f.readDuration(text)
	}
	switch f.field.Kind() {
	case reflect.Bool:
		return f.readSwitch(text)
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, f.field.Type().Bits())
		f.field.SetInt(n)
		return numberError(err)
	case reflect.Uint16, reflect.Uint64:
		n, err := strconv.ParseUint(text, 10, f.field.Type().Bits())
		f.field.SetUint(n)
		return numberError(err)
	case reflect.String:
		f.field.SetString(text)
	case reflect.Slice:
		f.readList(text)
	default:
		panic("flags: unsupported type " + f.field.Type().String())
	}
	return nil
}

func (f *Flag) readDuration(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("write a duration, as in 500ms, 30s or 1h30m")
	}
	f.field.SetInt(int64(d))
	return nil
}

func (f *Flag) readSwitch(text string) error {
	switch strings.ToLower(text) {
	case "yes", "true", "1":
		f.field.SetBool(true)
	case "no", "false", "0":
		f.field.SetBool(false)
	default:
		return errors.New("write yes or no")
	}
	return nil
}

// readList appends to the list, since a flag may be given more than once.
func (f *Flag) readList(text string) {
	f.field.Set(reflect.AppendSlice(f.field, reflect.ValueOf(strings.Split(text, ","))))
}

// numberError returns the error in the words of the user.
func numberError(err error) error {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("the number is out of range")
	case err != nil:
		return errors.New("write a whole number")
	}
	return nil
}
