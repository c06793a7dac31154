package schema

import (
	"slices"
	"strings"
)

// missingTable reports a table that was dropped, with all that makes it.
func (c *comparison) missingTable(want *Table) {
	if c.newer && !want.used() {
		return
	}
	fix := []string{createTable(want)}
	for _, k := range want.Constraints {
		if k.Type != "f" {
			fix = append(fix, "ALTER TABLE "+qualified(want.Name)+" ADD CONSTRAINT "+quote(k.Name)+" "+k.Definition+";")
		}
	}
	for _, i := range want.Indexes {
		if !i.Constraint {
			fix = append(fix, i.Definition+";")
		}
	}
	for _, t := range want.Triggers {
		fix = append(fix, t.Definition+";")
	}
	fix = append(fix, c.grantsOf(want)...)
	c.add(brokenBy(want.used()), tableObject(want), "is missing, with its rows: restore a backup, or make an empty one", fix...)
}

// columns compares the columns that a table should have.
func (c *comparison) columns(want, live *Table) {
	for i := range want.Columns {
		w := &want.Columns[i]
		l := find(live.Columns, w.Name)
		switch {
		case c.newer && !w.Used:
		case l == nil:
			c.add(brokenBy(w.Used), columnObject(want, w), "is missing, with its values: restore a backup, or make an empty one",
				"ALTER TABLE "+qualified(want.Name)+" ADD COLUMN "+columnText(w)+";")
		case w.Type != l.Type:
			c.add(Fails, columnObject(want, w), "is "+l.Type+" instead of "+w.Type,
				alterColumn(want, w, "TYPE "+typeText(w)+" USING "+quote(w.Name)+"::"+w.Type))
		case !c.newer:
			c.column(want, w, l)
		}
	}
}

// column compares what a column of the right type is.
func (c *comparison) column(table *Table, w, l *Column) {
	object := columnObject(table, w)
	if w.Collation != l.Collation {
		c.add(Warning, object, "has another collation: lists may be in another order", alterColumn(table, w, "TYPE "+typeText(w)))
	}
	switch {
	case w.NotNull && !l.NotNull:
		c.add(Warning, object, "may be null", alterColumn(table, w, "SET NOT NULL"))
	case !w.NotNull && l.NotNull:
		c.add(Warning, object, "may not be null: statements that leave it empty fail", alterColumn(table, w, "DROP NOT NULL"))
	}
	switch {
	case w.Generated != l.Generated:
		c.add(Unsafe, object, "is not computed by the database as it should be", recompute(table, w)...)
	case w.Identity != l.Identity:
		c.add(unfilled(w), object, "is not numbered by the database", renumber(table, w, l)...)
	case w.Generated != "" && !same(w.Default, l.Default):
		c.add(Unsafe, object, "is computed as "+l.Default+" instead of "+w.Default, recompute(table, w)...)
	case same(w.Default, l.Default):
	case w.Default == "":
		c.add(Warning, object, "has a default, "+l.Default, alterColumn(table, w, "DROP DEFAULT"))
	case l.Default == "":
		c.add(unfilled(w), object, "has no default", alterColumn(table, w, "SET DEFAULT "+w.Default))
	default:
		c.add(Warning, object, "has the default "+l.Default+" instead of "+w.Default, alterColumn(table, w, "SET DEFAULT "+w.Default))
	}
}

// unfilled is the severity of a column that statements leave to the database, if it is
// not filled.
func unfilled(w *Column) Severity {
	if w.NotNull {
		return Fails
	}
	return Warning
}

// extraColumns finds columns without which rows can't be added.
func (c *comparison) extraColumns(want, live *Table) {
	if !want.used() {
		return
	}
	for i := range live.Columns {
		l := &live.Columns[i]
		if find(want.Columns, l.Name) == nil && l.NotNull && l.Default == "" && l.Identity == "" && l.Generated == "" {
			c.add(Fails, columnObject(want, l), "is unknown and may not be null, so that rows can't be added",
				alterColumn(want, l, "DROP NOT NULL"))
		}
	}
}

func alterColumn(table *Table, column *Column, change string) string {
	return "ALTER TABLE " + qualified(table.Name) + " ALTER COLUMN " + quote(column.Name) + " " + change + ";"
}

// recompute makes a column again, with the indexes and triggers that depend on it.
func recompute(table *Table, w *Column) []string {
	name := qualified(table.Name)
	var before, after []string
	for _, i := range table.Indexes {
		if !i.Constraint && mentions(i.Definition, w.Name) {
			before, after = append(before, "DROP INDEX IF EXISTS "+qualified(i.Name)+";"), append(after, i.Definition+";")
		}
	}
	for _, t := range table.Triggers {
		if mentions(t.Definition, w.Name) {
			before, after = append(before, "DROP TRIGGER IF EXISTS "+quote(t.Name)+" ON "+name+";"), append(after, t.Definition+";")
		}
	}
	again := "ALTER TABLE " + name + " DROP COLUMN " + quote(w.Name) + ", ADD COLUMN " + columnText(w) + ";"
	return slices.Concat([]string{"BEGIN;"}, before, []string{again}, after, []string{"COMMIT;"})
}

func renumber(table *Table, w, l *Column) []string {
	var fix []string
	if l.Identity != "" {
		return []string{alterColumn(table, w, "SET GENERATED "+identityText(w))}
	}
	if l.Default != "" {
		fix = append(fix, alterColumn(table, w, "DROP DEFAULT"))
	}
	name := qualified(table.Name)
	return append(fix, alterColumn(table, w, "ADD GENERATED "+identityText(w)+" AS IDENTITY"),
		"SELECT setval(pg_get_serial_sequence('"+name+"', '"+w.Name+"'), (SELECT coalesce(max("+quote(w.Name)+"), 0) + 1 FROM "+name+"), false);")
}

// mentions is whether a definition has a name as a word.
func mentions(definition, name string) bool {
	for _, token := range tokens.FindAllString(definition, -1) {
		if strings.Trim(token, `"`) == name {
			return true
		}
	}
	return false
}
