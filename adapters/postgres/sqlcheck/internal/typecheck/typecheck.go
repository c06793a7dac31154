// Package typecheck compares the Go types that a statement is used with to what
// the database says of the statement.
//
// It is stricter than pgx, which converts where it can: a Go type must hold
// every value of the database's type, and a parameter's every value must fit
// the database's type. What can be NULL needs a pointer; a slice, which []byte
// and json.RawMessage are too, holds NULL as nil. Elements of arrays are taken
// to be not NULL, unless the slice has pointers.
package typecheck

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
)

// Finding is a disagreement between a statement and Go.
type Finding struct {
	// Subject is what it is about: the name of a column, or a parameter like
	// "$1"; "" if it is the statement.
	Subject string
	Problem string // a clause
	Fix     string // an imperative
	// Want is the Go type that would fix it, as Go writes it, or "".
	Want string
	// Refused is the server's error if it refuses the statement.
	Refused *describe.Error
	// Variants are the names of the variants of a definition that have it.
	Variants []string
}

func (f Finding) String() string {
	if f.Fix == "" {
		return f.Problem
	}
	return f.Problem + ": " + f.Fix
}

// field is a field of a row struct.
type field struct {
	reflect.StructField
	column string // its db tag
}

// fieldsOf lists the fields of a struct, those of embedded structs in place.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	found, _ := gotype.Fields(t)
	for _, f := range found {
		fields = append(fields, field{f, f.Tag.Get("db")})
	}
	return fields
}

// Row compares a statement's columns with the struct that its rows are read
// into. Each column needs a field with its name in the db tag, and each field
// a column; but columns of type void need none.
func Row(columns []describe.Column, row reflect.Type) []Finding {
	var findings []Finding
	fields := fieldsOf(row)
	seen := map[string]bool{}
	for _, c := range columns {
		i := slices.IndexFunc(fields, func(f field) bool { return f.column == c.Name })
		switch {
		case seen[c.Name]:
			findings = append(findings, Finding{
				Subject: c.Name, Problem: fmt.Sprintf("column %q comes twice", c.Name), Fix: "give one of them another name with AS",
			})
		case i >= 0:
			findings = append(findings, checkColumn(c, fields[i])...)
		case c.Type.OID != void:
			findings = append(findings, lacksField(c, row))
		}
		seen[c.Name] = true
	}
	for _, f := range fields {
		if !seen[f.column] {
			findings = append(findings, Finding{
				Subject: f.column, Problem: fmt.Sprintf("field %s of %v has no column %q in the result", f.Name, row, f.column),
				Fix: "select it, or remove the field",
			})
		}
	}
	return findings
}

func lacksField(c describe.Column, row reflect.Type) Finding {
	f := Finding{Subject: c.Name, Problem: fmt.Sprintf("column %q has no field in %v", c.Name, row)}
	if fit := resultsOf(c.Type); len(fit) > 0 {
		f.Want = nullable(fit[0].name, c.Nullable())
		f.Fix = fmt.Sprintf("add one of type %s with the tag db:%q, or don't select it", f.Want, c.Name)
	} else {
		f.Fix = fmt.Sprintf("select %s::text and add a field for it, or don't select it", c.Name)
	}
	return f
}

func checkColumn(c describe.Column, f field) []Finding {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	forms := resultsOf(c.Type)
	finding := Finding{Subject: c.Name}
	switch {
	case len(forms) == 0 && !own(c.Type, t):
		finding.Problem = fmt.Sprintf("column %q is %s, which no Go type holds exactly", c.Name, c.Type.Name)
		finding.Fix = fmt.Sprintf("select %s::text, and make field %s a %s", c.Name, f.Name, nullable("string", c.Nullable()))
	case !fits(forms, t) && !own(c.Type, t):
		finding.Problem = fmt.Sprintf("column %q is %s; field %s is %v%s", c.Name, c.Type.Name, f.Name, f.Type, narrow(c.Type, t))
		finding.Want = nullable(forms[0].name, c.Nullable())
	case unknown(c.Type) && !speaks(t):
		finding.Problem = fmt.Sprintf("column %q is %s, which pgx can't read into field %s, %v", c.Name, c.Type.Name, f.Name, f.Type)
		finding.Want = forms[0].name
	case c.Nullable() && !gotype.HoldsNull(f.Type):
		finding.Problem = fmt.Sprintf("column %q can be NULL (%s); field %s is %v", c.Name, c.Null, f.Name, f.Type)
		finding.Want = "*" + f.Type.String()
	default:
		return nil
	}
	if finding.Fix == "" {
		finding.Fix = "make it " + finding.Want
	}
	return []Finding{finding}
}

// nullable is the name of a type that also holds NULL, if need be.
func nullable(name string, isNullable bool) string {
	if !isNullable || name[0] == '[' && name[1] == ']' || strings.HasPrefix(name, "pgtype.") { // which have Valid
		return name
	}
	return "*" + name
}

// narrow says that a number has too few bits, if that is what is wrong.
func narrow(t describe.Type, goType reflect.Type) string {
	number := func(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }
	if slices.Contains(numbers, t.Plain().OID) && number(goType.Kind()) {
		return ", which doesn't hold them all"
	}
	return ""
}
