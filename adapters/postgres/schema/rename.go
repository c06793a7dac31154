package schema

import (
	"regexp"
	"slices"
	"strings"
)

// renames finds what was renamed by hand. It reports each rename, and then puts the
// expected names into what was found, so that nothing else seems to differ.
func (c *comparison) renames() {
	c.renamedFunctions()
	c.renamedTables()
	for i := range c.want.Tables {
		want := &c.want.Tables[i]
		if live := c.table(want.Name); live != nil {
			c.renamedColumns(want, live)
		}
	}
}

// unexpected returns the first live object that has no expected name and is alike, or nil.
func unexpected[T any, P keyed[T]](want, live []T, alike func(*T) bool) *T {
	for i := range live {
		if find[T, P](want, P(&live[i]).key()) == nil && alike(&live[i]) {
			return &live[i]
		}
	}
	return nil
}

func (c *comparison) renamedFunctions() {
	for i := range c.want.Functions {
		want := &c.want.Functions[i]
		if c.function(want) != nil || c.newer && !want.Used {
			continue
		}
		live := unexpected(c.want.Functions, c.live.Functions, func(f *Function) bool {
			return f.Arguments == want.Arguments && f.Result == want.Result && f.Body == want.Body
		})
		if live == nil {
			continue
		}
		old := live.Name
		c.add(brokenBy(want.Used), functionObject(want), "is renamed to "+old,
			"ALTER "+routine(want)+" "+qualified(old)+"("+want.Arguments+") RENAME TO "+quote(want.Name)+";")
		live.Name = want.Name
		c.rewrite(nil, qualified(old)+"(", qualified(want.Name)+"(")
	}
}

func (c *comparison) renamedTables() {
	for i := range c.want.Tables {
		want := &c.want.Tables[i]
		if c.table(want.Name) != nil || c.newer && !want.used() {
			continue
		}
		live := unexpected(c.want.Tables, c.live.Tables, func(t *Table) bool {
			return slices.EqualFunc(t.Columns, want.Columns, func(a, b Column) bool { return a.Name == b.Name && a.Type == b.Type })
		})
		if live == nil {
			continue
		}
		old := live.Name
		c.add(Fails, tableObject(want), "is renamed to "+old, "ALTER TABLE "+qualified(old)+" RENAME TO "+quote(want.Name)+";")
		live.Name = want.Name
		c.rewrite(nil, qualified(old), qualified(want.Name))
	}
}

// renamedColumns looks for the new name where the old one was: between the same
// columns, and of the same type.
func (c *comparison) renamedColumns(want, live *Table) {
	for i, column := range want.Columns {
		if find(live.Columns, column.Name) != nil || c.newer && !column.Used {
			continue
		}
		before := neighbour(want.Columns[:i], live.Columns)
		renamed := unexpected(want.Columns, live.Columns, func(other *Column) bool {
			here := slices.IndexFunc(live.Columns, func(x Column) bool { return x.Name == other.Name })
			return other.Type == column.Type && neighbour(live.Columns[:here], want.Columns) == before
		})
		if renamed == nil {
			continue
		}
		old := renamed.Name
		c.add(brokenBy(column.Used), columnObject(want, &column), "is renamed to "+old,
			"ALTER TABLE "+qualified(want.Name)+" RENAME COLUMN "+quote(old)+" TO "+quote(column.Name)+";")
		renamed.Name = column.Name
		c.rewrite(live, quote(old), quote(column.Name))
	}
}

// neighbour is the last of some columns that a table has.
func neighbour(before, table []Column) string {
	for _, column := range slices.Backward(before) {
		if find(table, column.Name) != nil {
			return column.Name
		}
	}
	return ""
}

// rewrite replaces a name in the definitions of a table, and in foreign keys to it; in
// those of all tables if it is nil.
func (c *comparison) rewrite(table *Table, old, replacement string) {
	word := regexp.MustCompile(`(^|[^\w"$])` + regexp.QuoteMeta(old) + suffixOf(old))
	for i := range c.live.Tables {
		t := &c.live.Tables[i]
		own := func(text string) string { return word.ReplaceAllString(text, "${1}"+escaped(replacement)+"${2}") }
		change := own
		if table != nil && t != table {
			change = func(text string) string {
				key, target, found := strings.Cut(text, " REFERENCES "+qualified(table.Name)+"(")
				if !found {
					return text
				}
				return key + " REFERENCES " + qualified(table.Name) + "(" + own(target)
			}
		}
		for j := range t.Columns {
			t.Columns[j].Default = change(t.Columns[j].Default)
		}
		for j := range t.Constraints {
			t.Constraints[j].Definition = change(t.Constraints[j].Definition)
		}
		for j := range t.Indexes {
			t.Indexes[j].Definition = change(t.Indexes[j].Definition)
		}
		for j := range t.Triggers {
			t.Triggers[j].Definition = change(t.Triggers[j].Definition)
		}
		t.PartitionBy = change(t.PartitionBy)
	}
}

// suffixOf ends a pattern so that it does not match a part of a longer name.
func suffixOf(name string) string {
	if strings.HasSuffix(name, "(") {
		return `()`
	}
	return `($|[^\w"$])`
}

func escaped(replacement string) string { return strings.ReplaceAll(replacement, "$", "$$") }
