package schema_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// mutant is what a hand may do to a schema, the beginning of a difference that it must
// make, if any, and a part of the statements that remove it.
type mutant struct{ statements, want, fix string }

// mutants reads testdata/mutants.txt: a paragraph is a line of statements, a line with
// the difference or "no difference", and the part, indented.
func mutants(t *testing.T) []mutant {
	t.Helper()
	text, err := os.ReadFile("testdata/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []mutant
	for paragraph := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		lines := append(strings.Split(paragraph, "\n"), "")
		if len(lines) < 3 {
			t.Fatalf("%q has no difference", paragraph)
		}
		all = append(all, mutant{lines[0], lines[1], strings.TrimSpace(lines[2])})
	}
	return all
}

func (m mutant) makes(got schema.Difference) bool {
	return strings.HasPrefix(string(got.Severity)+": "+got.String(), m.want) && strings.Contains(strings.Join(got.Fix, " "), m.fix)
}

func TestAMutantIsNamedWithTheStatementThatRemovesIt(t *testing.T) {
	t.Parallel()
	d := open(t)
	pgtest.Execute(t, d.conn, "SELECT roster.ensure_event_partitions(ARRAY['2026-01-15']::timestamptz[])")
	for _, m := range mutants(t) {
		pgtest.Execute(t, d.conn, m.statements)
		found := d.verify(t)
		switch {
		case m.want == "no difference":
			if len(found) > 0 {
				t.Errorf("%s: a false alarm:\n%s", m.statements, list(found))
			}
		case !slices.ContainsFunc(found, m.makes):
			t.Errorf("%s: %s (%s) is not among\n%s", m.statements, m.want, m.fix, list(found))
		}
		if left := d.fix(t, found); len(left) > 0 {
			t.Fatalf("%s: after its fix there is\n%s", m.statements, list(left))
		}
	}
}
