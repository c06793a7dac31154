package schema

import "strings"

// indexes compares the indexes that a table should have.
func (c *comparison) indexes(want, live *Table) {
	for i := range want.Indexes {
		w := &want.Indexes[i]
		l := find(live.Indexes, w.Name)
		if l == nil && c.newer || l == nil && w.Constraint || c.depends(want, live, w.Definition) {
			continue
		}
		severity, object := Warning, "index roster."+w.Name
		if w.Unique {
			severity = Unsafe
		}
		switch {
		case l == nil:
			if old := unexpected(want.Indexes, live.Indexes, w.renamed); old != nil {
				c.add(severity, object, "is renamed to "+old.Name, "ALTER INDEX "+qualified(old.Name)+" RENAME TO "+quote(w.Name)+";")
				continue
			}
			c.add(severity, object, "is missing", createIndex(want, w))
		case !c.newer && !w.Constraint && !same(w.Definition, l.Definition):
			c.add(severity, object, "is "+l.Definition+" instead of "+w.Definition, replaceIndex(want, w)...)
		case len(l.Invalid) > 0:
			c.add(severity, object, "is not valid, so that no statement uses it", repairIndex(want, w, l)...)
		}
	}
}

// renamed is whether a valid index differs from an expected one by nothing but its name.
func (i *Index) renamed(l *Index) bool {
	definition := strings.Replace(l.Definition, " INDEX "+quote(l.Name)+" ON ", " INDEX "+quote(i.Name)+" ON ", 1)
	return same(definition, i.Definition) && len(l.Invalid) == 0
}

// concurrently makes an index without locking out writers.
func concurrently(definition string) string {
	return strings.Replace(definition, "INDEX ", "INDEX CONCURRENTLY ", 1) + ";"
}

// createIndex makes an index. PostgreSQL can't make those of partitions concurrently.
func createIndex(table *Table, w *Index) string {
	if table.PartitionBy != "" {
		return w.Definition + ";"
	}
	return concurrently(w.Definition)
}

// replaceIndex makes the index before it drops the other one.
func replaceIndex(table *Table, w *Index) []string {
	if table.PartitionBy != "" {
		return []string{"DROP INDEX " + qualified(w.Name) + ";", w.Definition + ";"}
	}
	const suffix = "_new"
	renamed := strings.Replace(w.Definition, " INDEX "+w.Name+" ON ", " INDEX "+w.Name+suffix+" ON ", 1)
	return []string{
		concurrently(renamed), "DROP INDEX CONCURRENTLY " + qualified(w.Name) + ";",
		"ALTER INDEX " + qualified(w.Name+suffix) + " RENAME TO " + quote(w.Name) + ";",
	}
}

// repairIndex builds again what is not valid. The index of a partitioned table is not
// valid until each partition has it.
func repairIndex(table *Table, w, l *Index) []string {
	var fix []string
	for _, name := range l.Invalid {
		if table.PartitionBy != "" && name == w.Name {
			if !w.Constraint {
				return []string{"DROP INDEX " + qualified(w.Name) + ";", w.Definition + ";"}
			}
			continue
		}
		fix = append(fix, "REINDEX INDEX CONCURRENTLY "+qualified(name)+";")
	}
	return fix
}

// triggers compares the triggers that a table should have.
func (c *comparison) triggers(want, live *Table) {
	for i := range want.Triggers {
		w := &want.Triggers[i]
		object := "trigger " + w.Name + " of " + qualified(want.Name)
		l := find(live.Triggers, w.Name)
		switch {
		case l == nil && c.newer || c.depends(want, live, w.Definition):
		case l == nil:
			if old := unexpected(want.Triggers, live.Triggers, w.renamed); old != nil {
				c.add(Unsafe, object, "is renamed to "+old.Name+", and triggers fire in the order of their names",
					"ALTER TRIGGER "+quote(old.Name)+" ON "+qualified(want.Name)+" RENAME TO "+quote(w.Name)+";")
				continue
			}
			c.add(Unsafe, object, "is missing", w.Definition+";")
		case !c.newer && !same(w.Definition, l.Definition):
			c.add(Unsafe, object, "is "+l.Definition+" instead of "+w.Definition,
				"DROP TRIGGER "+quote(w.Name)+" ON "+qualified(want.Name)+"; "+w.Definition+";")
		case l.Disabled && !w.Disabled:
			c.add(Unsafe, object, "is disabled", "ALTER TABLE "+qualified(want.Name)+" ENABLE TRIGGER "+quote(w.Name)+";")
		}
	}
}

// renamed is whether a trigger differs from an expected one by nothing but its name.
func (t *Trigger) renamed(l *Trigger) bool {
	definition := strings.Replace(l.Definition, " TRIGGER "+quote(l.Name)+" ", " TRIGGER "+quote(t.Name)+" ", 1)
	return same(definition, t.Definition)
}
