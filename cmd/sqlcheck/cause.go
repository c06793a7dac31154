package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
)

// diagnosis turns what the judge found into findings with likely causes.
type diagnosis struct {
	*service
	history schema.History
	before  map[string]lock.Query
}

// missing is a column that a statement names and that isn't there.
type missing struct {
	table, column string
	cause         schema.Cause
	known         bool
}

func (d *diagnosis) findings(q tool.Query) []finding {
	var all []finding
	if len(q.Lock.Row.Fields) > 0 && !q.Lock.Row.Named() {
		all = append(all, finding{
			File: shown(q.File), Line: q.Line, Query: q.Lock.Name,
			Problem: "its row type has no name that the compiler could hold against the schema", Fix: "declare the struct as a type of the package",
		})
	}
	for _, f := range q.Findings {
		out := finding{
			File: shown(q.File), Line: q.Line, Query: q.Lock.Name,
			Variants: f.Variants, Of: q.Lock.Variants(), Problem: f.Problem, Fix: f.Fix,
		}
		if m, ok := d.missing(f); ok {
			out.Problem, out.Cause = m.problem(), d.says(m)
		} else {
			out.Cause = d.changed(q.Lock, f)
		}
		all = append(all, out)
	}
	return all
}

func (m missing) problem() string {
	if m.table == "" {
		return fmt.Sprintf("column %s does not exist", m.column)
	}
	return fmt.Sprintf("column %s.%s does not exist", m.table, m.column)
}

func (d *diagnosis) says(m missing) string {
	switch file := d.migration(m.cause.File); {
	case !m.known:
		return ""
	case m.cause.NewName == "":
		return fmt.Sprintf("%s dropped it", file)
	case m.cause.File == "":
		return fmt.Sprintf("is it %s now?", m.cause.NewName)
	default:
		return fmt.Sprintf("did %s rename it to %s?", file, m.cause.NewName)
	}
}

// missing finds which table lacks a column: the one whose history has it, or
// the only one.
func (d *diagnosis) missing(f tool.Finding) (m missing, ok bool) {
	if f.Kind != describe.UndefinedColumn || f.Name == "" {
		return m, false
	}
	m.column = f.Name[strings.LastIndex(f.Name, ".")+1:]
	var lack []describe.Relation
	for _, r := range f.Relations {
		if !slices.Contains(r.Columns, m.column) {
			lack = append(lack, r)
		}
	}
	if len(lack) == 1 {
		m.table = lack[0].Name
	}
	for _, r := range lack {
		if cause, known := d.history.Cause(r.Name, m.column); known {
			m.table, m.cause, m.known = r.Name, cause, true
			break
		}
	}
	return m, true
}

// changed says that a column was of another type when the lock was written.
func (d *diagnosis) changed(q lock.Query, f tool.Finding) string {
	at := func(c lock.Field) bool { return c.Column == f.Subject }
	now := slices.IndexFunc(q.Row.Fields, at)
	before := d.before[q.Name].Row.Fields
	old := slices.IndexFunc(before, at)
	if now < 0 || old < 0 || before[old].Postgres == "" || q.Row.Fields[now].Postgres == "" {
		return ""
	}
	was, is := before[old], q.Row.Fields[now]
	file := d.newest(f.Subject)
	switch {
	case was.Postgres != is.Postgres:
		return fmt.Sprintf("it was %s; did %s change it?", was.Postgres, file)
	case !was.Nullable && is.Nullable:
		return fmt.Sprintf("it was never NULL; did %s allow it?", file)
	}
	return ""
}

// newest is the last migration that mentions a word, or else the last.
func (d *diagnosis) newest(word string) string {
	all := d.history.Migrations
	for _, m := range slices.Backward(all) {
		if m.Mentions(word) {
			return d.migration(m.File)
		}
	}
	return d.migration(all[len(all)-1].File)
}

// needed is the fields that a query's row type would need for the query to be
// right: it is what the assertions ask for.
func (d *diagnosis) needed(q tool.Query) []lock.Field {
	fields := slices.Clone(q.Lock.Row.Fields)
	for _, f := range q.Findings {
		column := f.Subject
		m, isMissing := d.missing(f)
		if isMissing {
			column = m.column
		}
		at := slices.IndexFunc(fields, func(c lock.Field) bool { return c.Column == column })
		switch {
		case at >= 0 && isMissing && m.known && m.cause.NewName != "":
			fields[at].Name, fields[at].Column = lock.FieldName(m.cause.NewName), m.cause.NewName
		case at >= 0 && f.Want != "":
			fields[at].Go = f.Want
		case at >= 0 && (isMissing || strings.HasPrefix(f.Problem, "field ")):
			fields = slices.Delete(fields, at, at+1)
		case at < 0 && f.Want != "":
			fields = append(fields, lock.Field{Name: lock.FieldName(column), Go: f.Want, Column: column})
		}
	}
	return fields
}

// misfits are the queries, by the folder of their definition, that the server
// refuses, or that are wrong in what their row type doesn't show.
func (d *diagnosis) misfits(queries []tool.Query) map[string][]lock.Misfit {
	all := map[string][]lock.Misfit{}
	for _, q := range queries {
		refused := slices.ContainsFunc(q.Findings, func(f tool.Finding) bool { return f.Kind != "" })
		if refused || len(q.Findings) > 0 && q.Lock.Row.Fits(d.needed(q)) {
			dir := filepath.Dir(q.File)
			all[dir] = append(all[dir], lock.Misfit{Query: q.Lock.Name, File: filepath.Base(q.File), Line: q.Line})
		}
	}
	return all
}

// hashesOf are the hashes of migrations.
func hashesOf(all []schema.Migration) []lock.FileHash {
	var hashes []lock.FileHash
	for _, m := range all {
		hashes = append(hashes, lock.FileHash{File: m.File, Hash: m.Hash})
	}
	return hashes
}

// relative is a path from the service's folder, with slashes.
func (s *service) relative(path string) (string, error) {
	r, err := filepath.Rel(s.dir, path)
	return filepath.ToSlash(r), err
}
