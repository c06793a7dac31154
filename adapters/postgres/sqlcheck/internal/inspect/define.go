package inspect

import (
	"reflect"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// define is the part of a definition's snapshot that needs no database.
func define(def sqlcheck.Definition) snapshot.Query {
	q := snapshot.Query{Name: def.Name}
	q.Params, _ = fields(def.Params)
	rows, flat := fields(def.Row)
	if len(rows) > 0 {
		q.Row = snapshot.Row{Package: def.Row.PkgPath(), Type: def.Row.Name(), Flat: flat, Fields: rows}
	}
	for _, v := range def.Variants {
		args := make([]snapshot.Arg, len(v.Args))
		for i, a := range v.Args {
			args[i].Field = a
		}
		at := slices.IndexFunc(q.Statements, func(s snapshot.Statement) bool {
			return string(s.Text) == v.Text && slices.Equal(s.Args, args)
		})
		if at < 0 {
			at = len(q.Statements)
			q.Statements = append(q.Statements, snapshot.Statement{Text: snapshot.Text(v.Text), Args: args})
		}
		q.Statements[at].Variants = append(q.Statements[at].Variants, v.Name)
	}
	for i := range q.Statements {
		if len(q.Statements[i].Args) == 0 {
			q.Statements[i].Args = nil
		}
	}
	return q
}

// fields lists a struct's fields, those of embedded structs in place; flat
// says that it embeds none.
func fields(t reflect.Type) (all []snapshot.Field, flat bool) {
	found, flat := gotype.Fields(t)
	for _, f := range found {
		all = append(all, snapshot.Field{Name: f.Name, Go: snapshot.GoType(f.Type), Column: f.Tag.Get("db")})
	}
	return all, flat
}
