package typecheck

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// Definition type checks all variants of a definition. Findings that variants have
// in common are one.
func Definition(ctx context.Context, d *describe.Describer, def sqlcheck.Definition) ([]Finding, error) {
	var all []Finding
	place := map[string]int{}
	for _, v := range def.Variants {
		findings, err := variant(ctx, d, def, v)
		if err != nil {
			return nil, fmt.Errorf("query %q: %w", def.Name, err)
		}
		for _, f := range findings {
			key := f.Subject + "\x00" + f.String()
			if _, known := place[key]; !known {
				place[key] = len(all)
				all = append(all, f)
			}
			of := &all[place[key]]
			of.Variants = append(of.Variants, v.Name)
		}
	}
	return all, nil
}

func variant(ctx context.Context, d *describe.Describer, def sqlcheck.Definition, v sqlcheck.Variant) ([]Finding, error) {
	row := def.Row
	if _, ok := copied(v.Text); ok {
		row = reflect.TypeFor[sqlcheck.None]()
	}
	s, args, err := Variant(ctx, d, def, v)
	if refused := (*describe.Error)(nil); errors.As(err, &refused) {
		// Without its place, which differs from variant to variant.
		return []Finding{{Subject: refused.Name, Problem: refused.Cause.Message, Refused: refused}}, nil
	}
	if err != nil {
		return nil, err
	}
	return append(Params(s.Params, args), Row(s.Columns, row)...), nil
}

// Variant describes a variant of a definition: the statement, and what its
// placeholders get. Of a COPY it describes the INSERT that takes the same
// values. If the server refuses the statement the error is a *describe.Error.
func Variant(ctx context.Context, d *describe.Describer, def sqlcheck.Definition, v sqlcheck.Variant) (describe.Statement, []Arg, error) {
	text := v.Text
	args, err := Args(def.Params, v.Args)
	if table, ok := copied(text); ok {
		text, args = insertion(table, def.Row), rowArgs(def.Row)
	}
	if err != nil {
		return describe.Statement{}, nil, err
	}
	var values []describe.Values
	for _, a := range args {
		values = append(values, a.Values())
	}
	s, err := d.Statement(ctx, text, values...)
	return s, args, err
}

// copied gives the table and the columns of a COPY's text.
func copied(text string) (table string, ok bool) {
	if table, ok = strings.CutPrefix(text, "copy "); ok {
		table, _, ok = strings.Cut(table, " from stdin")
	}
	return table, ok
}

// insertion is the INSERT whose parameters are of the types that the COPY
// takes.
func insertion(table string, row reflect.Type) string {
	var values []string
	for i := range fieldsOf(row) {
		values = append(values, fmt.Sprintf("$%d", i+1))
	}
	return fmt.Sprintf("INSERT INTO %s VALUES (%s)", table, strings.Join(values, ", "))
}

func rowArgs(row reflect.Type) []Arg {
	var args []Arg
	for _, f := range fieldsOf(row) {
		args = append(args, Arg{f.Name, f.Type})
	}
	return args
}
