package flags

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// Origin is the source of a value.
type Origin string

// The origins.
const (
	FromDefault     Origin = "default"
	FromEnvironment Origin = "environment"
	FromFlag        Origin = "flag"
)

// Flag is a field that the command line or the environment can set.
type Flag struct {
	Name     string // without dashes
	Variable string // empty: none
	Default  string
	Help     string
	Group    string // the heading in the help; empty: none
	Redact   string // how to show a secret value
	// Negatable is whether the flag --no-NAME exists, too.
	Negatable bool
	// Argument is whether the field is an argument, not a flag.
	Argument bool
	// Rest is whether the argument is all that remain, separated by spaces.
	Rest bool
	// Origin is the source of the value, once Parse and Resolve have returned.
	Origin Origin

	placeholder string
	choices     []string
	field       reflect.Value
}

// Of returns the flags of the fields of a struct in their order, and sets the
// fields to their defaults. help has the descriptions of flags with a variable, by
// the variable. Of panics if the default or the type of a field is not supported.
func Of(config any, help map[string]string) []*Flag {
	all := fieldsOf(reflect.ValueOf(config).Elem(), "")
	for _, f := range all {
		if text, ok := help[f.Variable]; ok {
			f.Help = text
		}
	}
	return all
}

func fieldsOf(section reflect.Value, group string) []*Flag {
	var all []*Flag
	for i := range section.NumField() {
		field, declared := section.Field(i), section.Type().Field(i)
		switch field.Kind() {
		case reflect.Struct:
			all = append(all, fieldsOf(field, cmp.Or(declared.Tag.Get("group"), group))...)
		case reflect.Pointer: // a shared struct
		default:
			all = append(all, newFlag(field, declared, group))
		}
	}
	return all
}

func newFlag(field reflect.Value, declared reflect.StructField, group string) *Flag {
	tag := declared.Tag
	_, negatable := tag.Lookup("negatable")
	arg, argument := tag.Lookup("arg")
	f := &Flag{
		Name: tag.Get("name"), Variable: tag.Get("env"), Default: tag.Get("default"), Help: tag.Get("help"),
		Group: group, Redact: tag.Get("redact"), Negatable: negatable, Argument: argument, Rest: arg == "rest", Origin: FromDefault,
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

// dashed converts the name of a field to the name of a flag: MaxConns to max-conns.
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

// Takes is the value that a flag or an argument takes. The zero Takes is none.
type Takes struct {
	Choices      []string // the only allowed values
	File, Folder bool
	Other        bool
}

// Any reports whether there is a value.
func (t Takes) Any() bool { return len(t.Choices) > 0 || t.File || t.Folder || t.Other }

// Takes returns the value that the flag takes.
func (f *Flag) Takes() Takes {
	switch {
	case f.isSwitch():
		return Takes{}
	case len(f.choices) > 0:
		return Takes{Choices: f.choices}
	case f.placeholder == "FILE":
		return Takes{File: true}
	case f.placeholder == "FOLDER":
		return Takes{Folder: true}
	}
	return Takes{Other: true}
}

// Value returns the field's value.
func (f *Flag) Value() any { return f.field.Interface() }

// isSwitch reports whether the flag needs no value.
func (f *Flag) isSwitch() bool { return f.field.Kind() == reflect.Bool }
