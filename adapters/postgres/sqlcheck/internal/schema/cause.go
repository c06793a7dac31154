package schema

import (
	"slices"
	"strings"
)

// RemovedColumn is a column that the schema had and has no more.
type RemovedColumn struct {
	Schema string `json:"schema"`
	Table  string `json:"table"`
	Column Column `json:"column"`
}

// FullTable is the table's name with its schema.
func (g RemovedColumn) FullTable() string { return g.Schema + "." + g.Table }

// RemovedColumns lists the columns of tables in before that are not in after.
func RemovedColumns(before []Table, after Schema) []RemovedColumn {
	var removed []RemovedColumn
	for _, t := range before {
		now, _ := after.Table(t.FullName())
		for _, c := range t.Columns {
			if _, still := now.Column(c.Name); !still {
				removed = append(removed, RemovedColumn{t.Schema, t.Name, c})
			}
		}
	}
	return removed
}

// Cause is what may have become of a column.
type Cause struct {
	File    string // the migration
	NewName string // "" if it dropped the column
	Certain bool   // the migration says so
}

// History holds what may say what became of a column.
type History struct {
	Now        Schema
	Before     []Table         // the tables at the last prepare
	Removed    []RemovedColumn // columns that were removed earlier and are still missed
	Migrations []Migration
}

// Cause finds what may have become of a column of a table: what a migration
// says, or else the column of the same type and the most similar name that
// the table has now and had not.
func (h History) Cause(table, column string) (Cause, bool) {
	var dropped Cause
	for _, m := range slices.Backward(h.Migrations) {
		for _, c := range m.Changes() {
			if c.Column != column || c.Table != table && !strings.HasSuffix(table, "."+c.Table) {
				continue
			}
			if c.NewName != "" {
				return Cause{m.File, c.NewName, true}, true
			}
			if dropped.File == "" {
				dropped = Cause{File: m.File, Certain: true}
			}
		}
	}
	if name, ok := h.successor(table, column); ok {
		return Cause{File: h.newest(name, dropped.File), NewName: name}, true
	}
	return dropped, dropped.File != ""
}

// newest is the last migration that has the word, or else the given one.
func (h History) newest(word, otherwise string) string {
	for _, m := range slices.Backward(h.Migrations) {
		if m.Mentions(word) {
			return m.File
		}
	}
	return otherwise
}

func (h History) successor(table, column string) (name string, ok bool) {
	now, exists := h.Now.Table(table)
	before, _ := find(h.Before, table)
	old, known := before.Column(column)
	if i := slices.IndexFunc(h.Removed, func(g RemovedColumn) bool { return g.FullTable() == table && g.Column.Name == column }); i >= 0 {
		old, known = h.Removed[i].Column, true
	}
	if !exists || !known {
		return "", false
	}
	best := 0
	for _, c := range now.Columns {
		_, older := before.Column(c.Name)
		if stillMissed := len(h.Removed) > 0; older && !stillMissed || c.Type != old.Type {
			continue
		}
		if l := likeness(c.Name, column); l > best || !older && best == 0 {
			name, best, ok = c.Name, l, true
		}
	}
	return name, ok
}

// likeness is how many words, and how long a start, two names share; it counts
// when one is a part of the other.
func likeness(a, b string) int {
	n := 0
	if strings.Contains(a, b) || strings.Contains(b, a) {
		n += 5
	}
	for _, word := range strings.Split(a, "_") {
		if slices.Contains(strings.Split(b, "_"), word) {
			n += 10
		}
	}
	for i := 0; i < min(len(a), len(b)) && a[i] == b[i]; i++ {
		n++
	}
	return n
}
