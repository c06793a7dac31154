package typecheck

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
)

// Arg is the field of a struct that is the argument of a placeholder.
type Arg struct {
	Field string
	Type  reflect.Type
}

// Args finds the named fields of a struct. Of an sqlcheck.Opt the argument is
// the value in it.
func Args(params reflect.Type, names []string) ([]Arg, error) {
	fields := fieldsOf(params)
	var args []Arg
	for _, name := range names {
		i := slices.IndexFunc(fields, func(f field) bool { return f.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("%v has no field %s", params, name)
		}
		t := fields[i].Type
		if isOpt(t) {
			t = t.Field(0).Type
		}
		args = append(args, Arg{name, t})
	}
	return args, nil
}

func isOpt(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[sqlcheck.None]().PkgPath() && strings.HasPrefix(t.Name(), "Opt[")
}

// Values derives from an argument's type what is known of its values: a pointer or a
// slice may be nil, which is NULL, and so may pointers and slices in a slice.
func (a Arg) Values() describe.Values {
	v := describe.Values{NotNull: !gotype.HoldsNull(a.Type)}
	if a.Type.Kind() == reflect.Slice {
		v.ElementsNotNull = !gotype.HoldsNull(a.Type.Elem())
	}
	return v
}

// Params compares a statement's parameters with its arguments.
func Params(params []describe.Param, args []Arg) []Finding {
	if len(params) != len(args) {
		return []Finding{{
			Problem: fmt.Sprintf("the statement has %d parameters for %d arguments", len(params), len(args)),
			Fix:     "use each placeholder once",
		}}
	}
	var findings []Finding
	for i, p := range params {
		findings = append(findings, checkParam(fmt.Sprintf("$%d", i+1), p, args[i])...)
	}
	return findings
}

func checkParam(subject string, p describe.Param, a Arg) []Finding {
	t := a.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	forms := paramsOf(p.Type)
	finding := Finding{Subject: subject}
	switch {
	case p.Type.Plain().OID == timestamp && t == timeType:
		finding.Problem = fmt.Sprintf("parameter %s is timestamp without time zone, which would lose the zone of field %s", subject, a.Field)
		finding.Fix = fmt.Sprintf("write %s::timestamptz", subject)
	case len(forms) == 0 && !own(p.Type, t):
		finding.Problem = fmt.Sprintf("parameter %s is %s, which no Go type holds exactly", subject, p.Type.Name)
		finding.Fix = fmt.Sprintf("write %s::text::%s, and make field %s a string", subject, p.Type.Name, a.Field)
	case !fits(forms, t) && !own(p.Type, t):
		finding.Problem = fmt.Sprintf("parameter %s is %s; field %s is %v%s", subject, p.Type.Name, a.Field, a.Type, wide(p.Type, t))
		finding.Fix = "make it " + forms[0].name + widened(subject, p.Type, t)
	case unknown(p.Type) && !speaks(t):
		finding.Problem = fmt.Sprintf("parameter %s is %s, which pgx can't make of field %s, %v", subject, p.Type.Name, a.Field, a.Type)
		if finding.Fix = "make it " + forms[0].name; p.Type.Element == nil && p.Type.Plain().Element == nil {
			finding.Fix = fmt.Sprintf("write %s::%s", subject, p.Type.Plain().Name)
		}
	case p.Column != "" && a.Type.Kind() != reflect.Slice && a.Type.Kind() != reflect.Map && gotype.HoldsNull(a.Type):
		finding.Problem = fmt.Sprintf("parameter %s is written to %s, which is NOT NULL; field %s is %v", subject, p.Column, a.Field, a.Type)
		switch finding.Fix = "make it " + t.String(); {
		case a.Type.Kind() == reflect.Pointer:
		case len(forms) > 0:
			finding.Fix = "make it " + forms[0].name
		default:
			finding.Fix = "make it a type that doesn't hold NULL"
		}
	default:
		return nil
	}
	return []Finding{finding}
}

// widened is the other way out for a number that is too big: the server takes
// "$1 = 0" for an integer's comparison.
func widened(subject string, t describe.Type, goType reflect.Type) string {
	small := t.Plain().OID == pgtype.Int2OID || t.Plain().OID == pgtype.Int4OID
	if small && fits(exact[pgtype.Int8OID], goType) {
		return fmt.Sprintf(", or write %s::bigint where it is only compared", subject)
	}
	return ""
}

func wide(t describe.Type, goType reflect.Type) string {
	if narrow(t, goType) == "" {
		return ""
	}
	return ", whose values don't all fit"
}
