// Package released holds what the last release sends to the database, and finds
// what a newer schema breaks of it.
//
// While servers are upgraded one by one, the last release runs on the newer
// schema. So a file that is committed at each release keeps its queries, with
// the tables that they were written for. The check asks PostgreSQL about each
// text on the newer schema:
//
//	change of the schema                   found by
//	drop or rename of a table or column    PREPARE refuses the text
//	drop of a function, or a new signature PREPARE refuses the text
//	another type of a column               the columns that the text depends on, its parameters and results
//	a column that now refuses NULL         the columns that the text depends on
//	a column that now may be NULL          the nullability of results
//	a new column that refuses NULL         the columns that an INSERT leaves out
//	drop of a unique index of ON CONFLICT  PostgreSQL can't plan the text
//
// What triggers and functions do inside, and what constraints refuse, is not
// seen: that needs both programs to run.
package released

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// Release is what a release sends, and the schema that it was made for.
type Release struct {
	Version    string   `json:"version"`
	Postgres   string   `json:"postgres"` // the major version
	Migrations []string `json:"migrations"`
	Tables     []Table  `json:"tables"`
	Queries    []Query  `json:"queries"`
	Sum        string   `json:"sum"`
}

// Query is a query of the release. A COPY is the INSERT of the same columns.
type Query struct {
	Name       string
	Results    []Result
	Statements []Statement
}

// Result is a result column, and the Go type that it is read into.
type Result struct {
	Column   string `json:"column"`
	Go       string `json:"go"`
	Postgres string `json:"postgres"`
	Nullable bool   `json:"nullable,omitempty"`
}

// Statement is a text of a query.
type Statement struct {
	Text string
	Args []Arg
}

// Arg is the field that a placeholder gets.
type Arg struct {
	Field    string `json:"field"`
	Go       string `json:"go"`
	Postgres string `json:"postgres"`
}

// QueriesOf are the queries of snapshots, sorted by name.
func QueriesOf(snapshots map[string]snapshot.Query) []Query {
	var all []Query
	for _, s := range snapshots {
		all = append(all, queryOf(s))
	}
	slices.SortFunc(all, func(a, b Query) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func queryOf(s snapshot.Query) Query {
	q := Query{Name: s.Name}
	for _, statement := range s.Statements {
		text := string(statement.Text)
		if table, isCopy := copied(text); isCopy {
			return Query{s.Name, nil, []Statement{insertion(table, s.Row.Fields)}}
		}
		out := Statement{Text: text}
		for _, a := range statement.Args {
			i := slices.IndexFunc(s.Params, func(f snapshot.Field) bool { return f.Name == a.Field })
			out.Args = append(out.Args, Arg{a.Field, required(s.Params[i].Go), a.Postgres})
		}
		q.Statements = append(q.Statements, out)
	}
	for _, f := range s.Row.Fields {
		q.Results = append(q.Results, Result{f.Column, f.Go, f.Postgres, f.Nullable})
	}
	return q
}

// copied gives the table and the columns of a COPY's text.
func copied(text string) (table string, ok bool) {
	if table, ok = strings.CutPrefix(text, "copy "); ok {
		table, _, ok = strings.Cut(table, " from stdin")
	}
	return table, ok
}

func insertion(table string, fields []snapshot.Field) Statement {
	var s Statement
	var values []string
	for i, f := range fields {
		values = append(values, fmt.Sprintf("$%d", i+1))
		s.Args = append(s.Args, Arg{f.Name, f.Go, f.Postgres})
	}
	s.Text = "INSERT INTO " + table + " VALUES (" + strings.Join(values, ", ") + ")"
	return s
}

// required is the Go type of a parameter when it is present: the T of an
// sqlcheck.Opt[T].
func required(goType string) string {
	before, inner, ok := strings.Cut(goType, ".Opt[")
	if !ok || !strings.HasSuffix(before, "/sqlcheck") {
		return goType
	}
	return strings.TrimSuffix(inner, "]")
}

// holdsNull reports whether a Go type, written as in a snapshot, has a value for
// NULL.
func holdsNull(goType string) bool {
	return strings.HasPrefix(goType, "*") || strings.HasPrefix(goType, "[]") || goType == "encoding/json.RawMessage"
}

// values are what is known of the arguments.
func (s Statement) values() []describe.Values {
	var all []describe.Values
	for _, a := range s.Args {
		element, isSlice := strings.CutPrefix(a.Go, "[]")
		all = append(all, describe.Values{NotNull: !holdsNull(a.Go), ElementsNotNull: isSlice && !holdsNull(element)})
	}
	return all
}
