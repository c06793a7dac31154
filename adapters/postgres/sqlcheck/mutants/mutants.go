// Package mutants breaks a schema on purpose, one change at a time, and tells
// whether the checks of the queries notice: each column is renamed, dropped,
// given other types and the other nullability, and each index is dropped. What
// a change must break is told by the server, by its record of what depends on
// what and by its answers to PREPARE, and not by the code under proof.
package mutants

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Kind is what is done to the schema.
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

// Line is the check that notices.
type Line string

// The lines of defence.
const (
	// Judge names each query that no longer fits.
	Judge Line = "judge"
	// Lock differs from what prepare would write, while each query still works.
	Lock Line = "lock"
	// Plan grows with a table, or is not the one that it was.
	Plan Line = "plan"
	// Unused is what no query uses and what has a purpose all the same.
	Unused Line = "unused"
	// Survived means that none noticed.
	Survived Line = "survived"
)

// Mutant is one change and what the checks said.
type Mutant struct {
	Kind   Kind
	Target string // schema.table.column or schema.index
	Change string // from what to what, of types
	Line   Line
	Named  []string // the queries that the check named
	Missed []string // those that it should have named
	Why    string   // the purpose of what is unused
}

// Report is what Main writes.
type Report struct {
	Mutants []Mutant
	Error   string // why there are none
}

// Survivors are the mutants that no check noticed.
func (r Report) Survivors() (all []Mutant) {
	for _, m := range r.Mutants {
		if m.Line == Survived {
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
		if why := purposes[m.Target]; why != "" && m.Line == Survived && len(m.Named)+len(m.Missed) == 0 {
			m.Line, m.Why, needed[m.Target] = Unused, why, true
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

// Main writes a Report on all registered queries in JSON, and its progress to
// the other writer. The arguments are "columns" or "indexes", the URL of a
// database from which others can be made, and that of the one to mutate, to
// which nobody else may be connected: migrated and empty for columns, with many
// rows and analyzed for indexes.
func Main(ctx context.Context, w, progress io.Writer, args []string) error {
	var report Report
	var err error
	switch {
	case len(args) == 3 && args[0] == "columns":
		report.Mutants, err = Columns(ctx, sqlcheck.All(), Databases{args[1], args[2]}, progress)
	case len(args) == 3 && args[0] == "indexes":
		report.Mutants, err = Indexes(ctx, sqlcheck.All(), Databases{args[1], args[2]}, progress)
	default:
		err = errors.New("the arguments are columns or indexes, the server's URL and the database's")
	}
	if err != nil {
		report = Report{Error: err.Error()}
	}
	return json.NewEncoder(w).Encode(report)
}
