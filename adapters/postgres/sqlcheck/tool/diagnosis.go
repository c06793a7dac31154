package tool

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// diagnosis makes findings of those of the type check, with likely causes.
type diagnosis struct {
	*service
	history schema.History
	before  map[string]snapshot.Query
}

// missingColumn is a column that a statement names and that isn't there.
type missingColumn struct {
	table, column string
	cause         schema.Cause
	known         bool
}

func (d *diagnosis) findings(q inspect.Query) []Finding {
	var all []Finding
	if row := q.Snapshot.Row; len(row.Fields) > 0 && !row.Named() {
		all = append(all, Finding{
			File: shown(q.File), Line: q.Line, Query: q.Snapshot.Name,
			Problem: "its row type has no name, so go build can't compare it with the schema",
			Fix:     "declare the struct as a type of the package",
		})
	}
	for _, f := range q.Findings {
		found := findingOf(q, f)
		if m, ok := d.missingColumn(f); ok {
			found.Problem, found.Cause = m.problem(), d.cause(m)
		} else {
			found.Cause = d.changedType(q.Snapshot, f)
		}
		all = append(all, found)
	}
	return all
}

func (m missingColumn) problem() string {
	if m.table == "" {
		return fmt.Sprintf("column %s does not exist", m.column)
	}
	return fmt.Sprintf("column %s.%s does not exist", m.table, m.column)
}

func (d *diagnosis) cause(m missingColumn) string {
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

// missingColumn finds the table that lacks a column: the one whose history has
// it, or the only one.
func (d *diagnosis) missingColumn(f inspect.Finding) (m missingColumn, ok bool) {
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

// changedType is the cause if a column has another type than in the snapshot.
func (d *diagnosis) changedType(q snapshot.Query, f inspect.Finding) string {
	isSubject := func(c snapshot.Field) bool { return c.Column == f.Subject }
	now := slices.IndexFunc(q.Row.Fields, isSubject)
	before := d.before[q.Name].Row.Fields
	old := slices.IndexFunc(before, isSubject)
	if now < 0 || old < 0 || before[old].Postgres == "" || q.Row.Fields[now].Postgres == "" {
		return ""
	}
	was, is := before[old], q.Row.Fields[now]
	file := d.newest(f.Subject)
	switch {
	case was.Postgres != is.Postgres:
		return fmt.Sprintf("it was %s; did %s change it?", was.Postgres, file)
	case !was.Nullable && is.Nullable:
		return fmt.Sprintf("it was never NULL; did %s allow NULL?", file)
	}
	return ""
}

// newest is the last migration that has a word, or else the last.
func (d *diagnosis) newest(word string) string {
	all := d.history.Migrations
	for _, m := range slices.Backward(all) {
		if m.Mentions(word) {
			return d.migration(m.File)
		}
	}
	return d.migration(all[len(all)-1].File)
}

// needed are the fields with which the row type of a query would fit the
// schema: the assertions demand them.
func (d *diagnosis) needed(q inspect.Query) []snapshot.Field {
	fields := slices.Clone(q.Snapshot.Row.Fields)
	for _, f := range q.Findings {
		column := f.Subject
		m, isMissing := d.missingColumn(f)
		if isMissing {
			column = m.column
		}
		at := slices.IndexFunc(fields, func(c snapshot.Field) bool { return c.Column == column })
		switch {
		case at >= 0 && isMissing && m.known && m.cause.NewName != "":
			fields[at].Name, fields[at].Column = snapshot.FieldName(m.cause.NewName), m.cause.NewName
		case at >= 0 && f.Want != "":
			fields[at].Go = f.Want
		case at >= 0 && (isMissing || strings.HasPrefix(f.Problem, "field ")):
			fields = slices.Delete(fields, at, at+1)
		case at < 0 && f.Want != "":
			fields = append(fields, snapshot.Field{Name: snapshot.FieldName(column), Go: f.Want, Column: column})
		}
	}
	return fields
}

// mismatches are the queries, by the folder of their definition, that the server
// refuses, or that are wrong in what their row type doesn't show.
func (d *diagnosis) mismatches(queries []inspect.Query) map[string][]snapshot.Mismatch {
	all := map[string][]snapshot.Mismatch{}
	for _, q := range queries {
		refused := slices.ContainsFunc(q.Findings, func(f inspect.Finding) bool { return f.Kind != "" })
		if refused || len(q.Findings) > 0 && q.Snapshot.Row.Fits(d.needed(q)) {
			dir := filepath.Dir(q.File)
			all[dir] = append(all[dir], snapshot.Mismatch{Query: q.Snapshot.Name, File: filepath.Base(q.File), Line: q.Line})
		}
	}
	return all
}
