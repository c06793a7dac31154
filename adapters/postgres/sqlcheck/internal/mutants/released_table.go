package mutants

import (
	"fmt"
	"slices"
	"strings"
)

// ReleasedReport is all mutants that were held against the queries of a release.
type ReleasedReport struct {
	Version string
	Mutants []Mutant
}

// Wrong are the mutants of which the check missed a query, or named one for no
// reason.
func (r ReleasedReport) Wrong() (all []Mutant) {
	for _, m := range r.Mutants {
		if m.Check == Survived || m.Check == FalseAlarm {
			all = append(all, m)
		}
	}
	return all
}

func releasedKinds() []Kind {
	return []Kind{
		Rename, Drop, Retype, Widen, NotNull, Null, RenameTable, DropTable, DropFunction, DropUnique,
		AddRequired, AddNullable, AddDefault, AddIndex, WidenCheck, DropForeign,
	}
}

// Table counts the mutants by kind, as Markdown or as plain text. Below it are
// the wrong ones.
func (r ReleasedReport) Table(markdown bool) string {
	rows := [][]string{{"change", "mutants", "break a query", "named", "break none", "passed", "wrong"}}
	of := Report{r.Mutants}
	row := func(name string, is func(Mutant) bool) []string {
		count := func(checks ...Check) string {
			return of.count(func(m Mutant) bool { return is(m) && (len(checks) == 0 || slices.Contains(checks, m.Check)) })
		}
		return []string{
			name, count(), count(Named, Survived), count(Named), count(Passed, FalseAlarm), count(Passed), count(Survived, FalseAlarm),
		}
	}
	for _, k := range releasedKinds() {
		rows = append(rows, row(string(k), func(m Mutant) bool { return m.Kind == k }))
	}
	rows = append(rows, row("all", func(Mutant) bool { return true }))
	var wrong strings.Builder
	for _, m := range r.Wrong() {
		fmt.Fprintf(&wrong, "- %s: %s %s; %s: named %v, missed %v\n", m.Target, m.Kind, m.Change, m.Check, m.Named, m.Missed)
	}
	return aligned(rows, markdown) + wrong.String()
}
