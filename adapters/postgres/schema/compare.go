package schema

import (
	"fmt"
	"strings"
)

// Severity is what a difference does to the program.
type Severity string

const (
	// Fails means that statements of the program fail.
	Fails Severity = "fails"
	// Unsafe means that a rule of the database is not kept.
	Unsafe Severity = "unsafe"
	// Warning means that requests are answered correctly, perhaps slowly.
	Warning Severity = "warning"
)

// Difference is what is not as expected, and how to change that.
type Difference struct {
	Severity Severity `json:"severity"`
	Object   string   `json:"object"`  // such as column roster.users.email
	Problem  string   `json:"problem"` // such as is missing
	// Fix are the statements that remove the difference, for the owner of the schema
	// to run in this order, outside of a transaction.
	Fix []string `json:"fix"`
}

// String says what differs.
func (d Difference) String() string { return d.Object + " " + d.Problem }

// comparison looks for what is expected in what was found.
type comparison struct {
	want  *Schema
	live  *Catalogue
	newer bool // the database has migrations that this build does not know
	found []Difference
}

// Compare lists the differences of a database, whose newest migration has a version, in
// an order in which their fixes work. It changes live.
func Compare(want *Schema, live *Catalogue, version int64) []Difference {
	c := &comparison{want: want, live: live, newer: version > want.Version}
	if live.Owner == "" {
		return []Difference{{Fails, "schema roster", "is missing", []string{"roster migrate up"}}}
	}
	c.renames()
	c.functions()
	for _, compare := range []func(want, live *Table){c.columns, c.extraColumns, c.flags, c.keysAndChecks, c.indexes, c.triggers} {
		for i := range want.Tables {
			if live := c.table(want.Tables[i].Name); live != nil {
				compare(&want.Tables[i], live)
			}
		}
	}
	for i := range want.Tables {
		c.foreignKeys(&want.Tables[i])
	}
	c.months()
	c.rights()
	c.owners()
	return c.found
}

func (c *comparison) add(severity Severity, object, problem string, fix ...string) {
	c.found = append(c.found, Difference{severity, object, problem, fix})
}

// brokenBy is the severity of a column or function that can't be used: triggers may need
// those that the program does not name.
func brokenBy(used bool) Severity {
	if used {
		return Fails
	}
	return Unsafe
}

func (c *comparison) table(name string) *Table { return find(c.live.Tables, name) }

func (c *comparison) function(want *Function) *Function {
	return find(c.live.Functions, want.key())
}

// flags compares what a table is as a whole.
func (c *comparison) flags(want, live *Table) {
	table := qualified(want.Name)
	if live.HidesRows {
		c.add(Fails, tableObject(want), "hides rows from the role "+c.live.Role+" by row-level security",
			"ALTER TABLE "+table+" DISABLE ROW LEVEL SECURITY;")
	}
	if live.Unchecked {
		c.add(Unsafe, tableObject(want), "does not check foreign keys: their triggers are disabled (a superuser must enable them)",
			"ALTER TABLE "+table+" ENABLE TRIGGER ALL;")
	}
	switch {
	case c.newer || want.Unlogged == live.Unlogged:
	case live.Unlogged:
		c.add(Unsafe, tableObject(want), "is unlogged, so that a crash of the server empties it", "ALTER TABLE "+table+" SET LOGGED;")
	default:
		c.add(Warning, tableObject(want), "is logged, which makes imports slower", "ALTER TABLE "+table+" SET UNLOGGED;")
	}
}

// owners finds what does not belong to the owner of the schema. Functions that run with
// their owner's rights need those of the tables' owner.
func (c *comparison) owners() {
	for _, f := range c.live.Foreign {
		severity := Unsafe
		if f.Works {
			severity = Warning
		}
		c.add(severity, strings.ToLower(f.Kind)+" "+f.Name,
			fmt.Sprintf("belongs to %s and not to %s, the owner of the schema", f.Owner, c.live.Owner),
			fmt.Sprintf("ALTER %s %s OWNER TO %s;", f.Kind, f.Name, quote(c.live.Owner)))
	}
}

func tableObject(t *Table) string { return "table roster." + t.Name }

func columnObject(t *Table, c *Column) string { return "column roster." + t.Name + "." + c.Name }

func functionObject(f *Function) string {
	return strings.ToLower(routine(f)) + " roster." + f.Name + "(" + f.Arguments + ")"
}

// routine is what statements call a function.
func routine(f *Function) string {
	if f.Kind == "p" {
		return "PROCEDURE"
	}
	return "FUNCTION"
}
