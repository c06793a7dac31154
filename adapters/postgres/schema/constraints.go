package schema

import "strings"

// keysAndChecks compares the constraints but foreign keys, which need the keys of other
// tables.
func (c *comparison) keysAndChecks(want, live *Table) { c.constraints(want, live, false) }

// foreignKeys compares the foreign keys, also of a table that is missing.
func (c *comparison) foreignKeys(want *Table) {
	live := c.table(want.Name)
	if live == nil {
		live = new(Table)
	}
	c.constraints(want, live, true)
}

// constraints compares the constraints that a table should have.
func (c *comparison) constraints(want, live *Table, foreign bool) {
	for i := range want.Constraints {
		w := &want.Constraints[i]
		if c.newer || (w.Type == "f") != foreign {
			continue
		}
		object := "constraint " + w.Name + " of " + qualified(want.Name)
		l := find(live.Constraints, w.Name)
		switch {
		case c.depends(want, live, w.Definition):
		case l == nil:
			if old := unexpected(want.Constraints, live.Constraints, w.renamed); old != nil {
				c.add(broken(w), object, "is renamed to "+old.Name,
					"ALTER TABLE "+qualified(want.Name)+" RENAME CONSTRAINT "+quote(old.Name)+" TO "+quote(w.Name)+";")
				continue
			}
			c.add(broken(w), object, "is missing", addConstraint(want, live, w)...)
		case w.Type != l.Type || !same(w.Definition, l.Definition):
			c.add(broken(w), object, "is "+l.Definition+" instead of "+w.Definition, replaceConstraint(want, w)...)
		case l.Unenforced && w.Type == "f":
			c.add(Unsafe, object, "is not enforced", "ALTER TABLE "+qualified(want.Name)+" ALTER CONSTRAINT "+quote(w.Name)+" ENFORCED;")
		case l.Unenforced:
			c.add(broken(w), object, "is not enforced", replaceConstraint(want, w)...)
		case l.Invalid && !w.Invalid:
			c.add(Warning, object, "is not valid: rows of before may break it", validate(want, w))
		}
	}
}

// broken is the severity of a constraint that is not kept. Requests are checked before
// they reach the database, but keys are kept by the database alone.
func broken(w *Constraint) Severity {
	if w.Type == "c" {
		return Warning
	}
	return Unsafe
}

// renamed is whether a constraint differs from an expected one by nothing but its name.
func (c *Constraint) renamed(l *Constraint) bool {
	return l.Type == c.Type && same(l.Definition, c.Definition)
}

func validate(table *Table, w *Constraint) string {
	return "ALTER TABLE " + qualified(table.Name) + " VALIDATE CONSTRAINT " + quote(w.Name) + ";"
}

// addConstraint adds a constraint without a long lock, where PostgreSQL can do that.
func addConstraint(table, live *Table, w *Constraint) []string {
	add := "ALTER TABLE " + qualified(table.Name) + " ADD CONSTRAINT " + quote(w.Name) + " "
	switch {
	case w.Type == "c" || w.Type == "f" && table.PartitionBy == "":
		return []string{add + w.Definition + " NOT VALID;", validate(table, w)}
	case table.PartitionBy != "" || w.Type == "x":
		return []string{add + w.Definition + ";"}
	}
	var fix []string
	if index := find(table.Indexes, w.Name); find(live.Indexes, w.Name) == nil && index != nil {
		fix = append(fix, concurrently(index.Definition))
	}
	kind, _, _ := strings.Cut(w.Definition, " (")
	return append(fix, add+kind+" USING INDEX "+quote(w.Name)+";")
}

func replaceConstraint(table *Table, w *Constraint) []string {
	name := quote(w.Name)
	return []string{
		"ALTER TABLE " + qualified(table.Name) + " DROP CONSTRAINT " + name + ", ADD CONSTRAINT " + name + " " + w.Definition + ";",
	}
}

// depends is whether a definition mentions a column that differs, so that only the
// column is reported.
func (c *comparison) depends(want, live *Table, definition string) bool {
	for i := range want.Columns {
		w := &want.Columns[i]
		l := find(live.Columns, w.Name)
		if l != nil && l.Type != w.Type && mentions(definition, w.Name) {
			return true
		}
	}
	return false
}
