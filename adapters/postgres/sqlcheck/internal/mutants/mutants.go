// Package mutants breaks a schema on purpose, one change at a time, and reports
// whether the checks of the queries notice: each column is renamed, dropped,
// given other types and the other nullability, and each index is dropped. The
// server says what a change must break, by its record of dependencies and its
// answers to PREPARE; the code under test has no part in that.
package mutants

import "slices"

// Kind is a kind of change to the schema.
type Kind string

// The kinds, in the order of reports.
const (
	Rename    Kind = "rename a column"
	Drop      Kind = "drop a column"
	Retype    Kind = "retype a column"
	Widen     Kind = "retype a column, nearly alike"
	Null      Kind = "allow NULL"
	NotNull   Kind = "refuse NULL"
	DropIndex Kind = "drop an index"
)

// The kinds that only the queries of a release are held against.
const (
	DropTable    Kind = "drop a table"
	RenameTable  Kind = "rename a table"
	DropFunction Kind = "drop a function"
	DropUnique   Kind = "drop a unique index"
	AddRequired  Kind = "add a column that refuses NULL"
	AddNullable  Kind = "add a nullable column"
	AddDefault   Kind = "add a column with a default"
	AddIndex     Kind = "add an index"
	WidenCheck   Kind = "widen a check"
	DropForeign  Kind = "drop a foreign key"
)

// Check is the check that notices a mutant.
type Check string

// The checks, and two reasons for none.
const (
	// TypeCheck names each query that no longer fits.
	TypeCheck Check = "type check"
	// Snapshot is one that prepare would write differently, while each query
	// still works.
	Snapshot Check = "snapshot"
	// Plan is a plan that grows with a table or that changed.
	Plan Check = "plan"
	// Unused is a column or index that no query uses and that has a purpose.
	Unused Check = "unused"
	// Survived means that no check noticed.
	Survived Check = "survived"
)

// What the check of a release says of a mutant.
const (
	// Named is one that breaks queries, all of which were named.
	Named Check = "named"
	// Passed is one that breaks none, and none was named.
	Passed Check = "passed"
	// FalseAlarm is one that breaks none, while some were named.
	FalseAlarm Check = "false alarm"
)

// Mutant is one change and what the checks said.
type Mutant struct {
	Kind   Kind
	Target string // schema.table.column or schema.index
	Change string // from what to what, of types
	Check  Check
	Named  []string // the queries that the check named
	Missed []string // those that it should have named
	Why    string   // the purpose of what is unused
}

// Report is all mutants.
type Report struct{ Mutants []Mutant }

// Survivors are the mutants that no check noticed.
func (r Report) Survivors() (all []Mutant) {
	for _, m := range r.Mutants {
		if m.Check == Survived {
			all = append(all, m)
		}
	}
	return all
}

// Excuse gives what no query uses, and the server knows no purpose of, the
// purpose that the service names, by the target. It returns the targets for
// which there was no need of one.
func (r Report) Excuse(purposes map[string]string) (unneeded []string) {
	needed := map[string]bool{}
	for i := range r.Mutants {
		m := &r.Mutants[i]
		if why := purposes[m.Target]; why != "" && m.Check == Survived && len(m.Named)+len(m.Missed) == 0 {
			m.Check, m.Why, needed[m.Target] = Unused, why, true
		}
	}
	for target := range purposes {
		if !needed[target] {
			unneeded = append(unneeded, target)
		}
	}
	slices.Sort(unneeded)
	return unneeded
}
