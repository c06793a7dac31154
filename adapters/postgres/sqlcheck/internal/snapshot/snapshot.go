// Package snapshot keeps what a database said of a program's queries in files
// that are committed: one for each query and one for the schema. With them the
// program can be checked without a database.
//
// A snapshot of a query holds the text of each variant, the arguments and the
// columns with their types in Go and PostgreSQL, whether a column can be NULL,
// and the shape of each plan. The snapshot of the schema, _schema.json, holds
// the hashes of the migrations and of the generated Go files, the tables, and
// PostgreSQL's version. What a check compares:
//
//	compared                           reported if they differ
//	definition with its snapshot       stale: the text, parameters, row or arguments changed
//	migrations with their hashes       stale: a migration is newer, changed or was removed
//	generated files with their hashes  edited by hand or merged, or missing
//	a snapshot with its checksum       can't be used: edited by hand or merged
//	names of definitions and files     no snapshot, or an orphaned one
//	a plan with the one in a snapshot  changed
//
// The files are JSON, sorted, with a statement's text broken into lines, so that
// a change is a small diff. Each ends with a checksum of itself, which shows an
// edit by hand.
package snapshot

import (
	"reflect"
	"slices"
	"strings"
)

// Query is the snapshot of a query or COPY.
type Query struct {
	Name       string      `json:"query"`
	Params     []Field     `json:"params,omitempty"`
	Row        Row         `json:"row"`
	Statements []Statement `json:"statements"`
	// Problems were found in the query when the snapshot was written.
	Problems []string `json:"problems,omitempty"`
	Sum      string   `json:"sum"`
}

// Field is a field of a parameter or row struct, with its Go type as GoType
// writes it.
type Field struct {
	Name string `json:"field"`
	Go   string `json:"go"`
	// Column, Postgres and Nullable are of rows: the result column, its type
	// and whether it can be NULL.
	Column   string `json:"column,omitempty"`
	Postgres string `json:"postgres,omitempty"`
	Nullable bool   `json:"nullable,omitempty"`
}

// Row is the struct that rows are read into.
type Row struct {
	Package string  `json:"package,omitempty"` // the import path
	Type    string  `json:"type,omitempty"`    // "" if it has no name
	Flat    bool    `json:"flat,omitempty"`    // it embeds no struct
	Fields  []Field `json:"fields,omitempty"`
}

// Named reports whether a file of the package can name the type: it is neither
// anonymous nor generic.
func (r Row) Named() bool { return r.Type != "" && !strings.Contains(r.Type, "[") }

// Statement is a text that one or more variants of a query send.
type Statement struct {
	Variants []string `json:"variants"` // "" is the only one, or the one without choices
	Text     Text     `json:"text"`
	Args     []Arg    `json:"args,omitempty"`
	// Plan is its shape on a database with many rows, "" if that was not seen.
	Plan Text `json:"plan,omitempty"`
}

// Arg is what a placeholder gets.
type Arg struct {
	Field    string `json:"field"`
	Postgres string `json:"postgres,omitempty"`
}

// Defined is the query without what only a database knows.
func (q Query) Defined() Query {
	q.Problems, q.Sum = nil, ""
	q.Row.Fields = slices.Clone(q.Row.Fields)
	for i := range q.Row.Fields {
		f := &q.Row.Fields[i]
		f.Postgres, f.Nullable = "", false
	}
	q.Statements = slices.Clone(q.Statements)
	for i := range q.Statements {
		s := &q.Statements[i]
		s.Args, s.Plan = slices.Clone(s.Args), ""
		for k := range s.Args {
			s.Args[k].Postgres = ""
		}
	}
	return q
}

// KeepPlans takes the plans of an earlier snapshot for the texts that are the same.
func (q Query) KeepPlans(before Query) {
	for i := range q.Statements {
		for _, s := range before.Statements {
			if s.Text == q.Statements[i].Text {
				q.Statements[i].Plan = s.Plan
			}
		}
	}
}

// Variants is how many variants the query has.
func (q Query) Variants() int {
	n := 0
	for _, s := range q.Statements {
		n += len(s.Variants)
	}
	return n
}

// Differs says in a few words how the definition of a query differs from that in
// its snapshot; "" if it doesn't.
func Differs(defined, before Query) string {
	d, b := defined.Defined(), before.Defined()
	switch {
	case !reflect.DeepEqual(texts(d), texts(b)):
		return "the statement's text changed" + where(d, b)
	case !equal(d.Params, b.Params):
		return "the parameters changed"
	case d.Row.Type != b.Row.Type || d.Row.Package != b.Row.Package:
		return "the row's type changed"
	case !equal(d.Row.Fields, b.Row.Fields) || d.Row.Flat != b.Row.Flat:
		return "the row's fields changed" + field(d.Row.Fields, b.Row.Fields)
	case !slices.EqualFunc(d.Statements, b.Statements, sameArgs):
		return "the arguments changed"
	}
	return ""
}

func sameArgs(a, b Statement) bool { return slices.Equal(a.Args, b.Args) }

func equal(a, b []Field) bool { return slices.Equal(a, b) }

// texts is the text of each variant.
func texts(q Query) map[string]Text {
	all := map[string]Text{}
	for _, s := range q.Statements {
		for _, v := range s.Variants {
			all[v] = s.Text
		}
	}
	return all
}

func where(defined, before Query) string {
	var changed []string
	old := texts(before)
	for _, s := range defined.Statements {
		for _, v := range s.Variants {
			if text, ok := old[v]; v != "" && (!ok || text != s.Text) {
				changed = append(changed, v)
			}
		}
	}
	if len(changed) == 0 || len(changed) > 3 {
		return ""
	}
	return " in the variants " + strings.Join(changed, ", ")
}

func field(defined, before []Field) string {
	for _, f := range defined {
		if !slices.Contains(before, f) {
			return ": " + f.Name + " " + f.Go
		}
	}
	return ""
}
