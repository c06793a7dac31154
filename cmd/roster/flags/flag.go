package flags

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// Origin is where a value comes from.
type Origin string

// The origins.
const (
	FromDefault     Origin = "default"
	FromEnvironment Origin = "environment"
	FromFlag        Origin = "flag"
)

// Flag is a field that the command line or the environment sets.
type Flag struct {
	Name     string // without dashes
	Variable string // "" if it has none
	Default  string
	Help     string
	Group    string // the heading above it; "" if it has none
	Redact   string // the tag redact
	// Negatable is whether --no-NAME is a flag, too.
	Negatable bool
	// Argument is whether it is given by its place instead of its name.
	Argument bool
	// Origin is where the value comes from, once Parse has returned.
	Origin Origin

	placeholder string
	choices     []string
	field       reflect.Value
}

// Of returns the flags of the fields of a struct, in their order, each with
// its default set. It panics where a declaration is wrong: a default that the
// field can't take, or a type that no flag can have.
func Of(config any) []*Flag { return fieldsOf(reflect.ValueOf(config).Elem(), "") }

func fieldsOf(section reflect.Value, group string) []*Flag {
	var all []*Flag
	for i := range section.NumField() {
		field, declared := section.Field(i), section.Type().Field(i)
		switch field.Kind() {
		case reflect.Struct:
			all = append(all, fieldsOf(field, cmp.Or(declared.Tag.Get("group"), group))...)
		case reflect.Pointer: // another's
		default:
			all = append(all, newFlag(field, declared, group))
		}
	}
	return all
}

func newFlag(field reflect.Value, declared reflect.StructField, group string) *Flag {
	tag := declared.Tag
	_, negatable := tag.Lookup("negatable")
	_, argument := tag.Lookup("arg")
	f := &Flag{
		Name: tag.Get("name"), Variable: tag.Get("env"), Default: tag.Get("default"), Help: tag.Get("help"),
		Group: group, Redact: tag.Get("redact"), Negatable: negatable, Argument: argument, Origin: FromDefault,
		placeholder: tag.Get("placeholder"), field: field,
	}
	if f.Name == "" {
		f.Name = dashed(declared.Name)
	}
	if tag.Get("enum") != "" {
		f.choices = strings.Split(tag.Get("enum"), ",")
	}
	if f.Default == "" {
		return f
	}
	if err := f.read(f.Default); err != nil {
		panic(fmt.Sprintf("flags: the default of %s: %v", declared.Name, err))
	}
	return f
}

// dashed writes a field's name as that of a flag: MaxConns is max-conns.
func dashed(name string) string {
	var text strings.Builder
	for i, letter := range name {
		if unicode.IsUpper(letter) && i > 0 {
			text.WriteByte('-')
		}
		text.WriteRune(unicode.ToLower(letter))
	}
	return text.String()
}

// Value returns the field's value.
func (f *Flag) Value() any { return f.field.Interface() }

// isSwitch reports whether the flag needs no value.
func (f *Flag) isSwitch() bool { return f.field.Kind() == reflect.Bool }
