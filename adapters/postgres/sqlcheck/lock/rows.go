package lock

import (
	"fmt"
	"go/format"
	"maps"
	"slices"
	"strings"
)

// Rows is what a row type of a package must be for the queries that use it.
type Rows struct {
	Type    string
	Flat    bool
	Queries []string // their names
	Fields  []Field
}

// Misfit is a query whose builder the schema refuses.
type Misfit struct {
	Query string
	File  string // without its folder, which is that of the package
	Line  int
}

// Package is what is asserted of a package.
type Package struct {
	Path, Name string
	Rows       []Rows
	Misfits    []Misfit
}

// Assertions is a Go file of the package that compiles only while its row
// types have the fields that the locks say: of these names, types and, unless
// the struct embeds others, tags and order. A misfit doesn't compile at the
// place of its definition.
func Assertions(header string, p Package) ([]byte, error) {
	i := &imports{own: p.Path, byPath: map[string]string{}}
	var body strings.Builder
	for _, r := range p.Rows {
		r.write(&body, i)
	}
	for _, m := range p.Misfits {
		name := strings.ReplaceAll(m.Query, ".", "_")
		fmt.Fprintf(&body, "\n//line %s:%d\nvar _ = query_%s_does_not_fit_the_schema\n", m.File, m.Line, name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\npackage %s\n", header, p.Name)
	if lines := i.lines(); len(lines) > 0 {
		fmt.Fprintf(&b, "\nimport (\n\t%s\n)\n", strings.Join(lines, "\n\t"))
	}
	return format.Source([]byte(b.String() + body.String()))
}

func (r Rows) write(b *strings.Builder, i *imports) {
	var reads, fields []string
	flat := r.Flat
	for _, f := range r.Fields {
		goType, ok := i.source(f.Go)
		if !ok {
			flat = false
			continue
		}
		reads = append(reads, fmt.Sprintf("\t\t_ *%s = &r.%s\n", goType, f.Name))
		fields = append(fields, fmt.Sprintf("\t%s %s `db:%q`\n", f.Name, goType, f.Column))
	}
	fmt.Fprintf(b, "\n// %s is a row of %s.\n", r.Type, strings.Join(r.Queries, ", "))
	if flat {
		name := "locked" + strings.ToUpper(r.Type[:1]) + r.Type[1:]
		fmt.Fprintf(b, "type %s = struct {\n%s}\n\n", name, strings.Join(fields, ""))
		reads = append(reads, fmt.Sprintf("\t\t_ %s = r\n", name))
	}
	fmt.Fprintf(b, "func _(r %s) {\n\tvar (\n%s\t)\n}\n", r.Type, strings.Join(reads, ""))
}

// RowsOf gathers the named row types of queries by package, sorted.
// change gives the fields that a query needs where they are not those it has.
func RowsOf(queries map[string]Query, change func(Query) []Field) map[string][]Rows {
	type rowType struct{ pkg, name string }
	all := map[rowType]*Rows{}
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		q := queries[name]
		if !q.Row.Named() || len(q.Row.Fields) == 0 {
			continue
		}
		key := rowType{q.Row.Package, q.Row.Type}
		if all[key] == nil {
			all[key] = &Rows{Type: q.Row.Type, Flat: q.Row.Flat, Fields: q.Row.Fields}
		}
		all[key].Queries = append(all[key].Queries, name)
		if needed := change(q); !q.Row.Fits(needed) {
			all[key].Fields = needed
		}
	}
	byPackage := map[string][]Rows{}
	for key, rows := range all {
		byPackage[key.pkg] = append(byPackage[key.pkg], *rows)
	}
	for _, rows := range byPackage {
		slices.SortFunc(rows, func(a, b Rows) int { return strings.Compare(a.Type, b.Type) })
	}
	return byPackage
}

// Fits tells whether fields are those of the row, as far as Go sees.
func (r Row) Fits(fields []Field) bool {
	return slices.EqualFunc(r.Fields, fields, func(a, b Field) bool { return a.Name == b.Name && a.Go == b.Go && a.Column == b.Column })
}
