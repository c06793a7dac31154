package browser

import (
	"fmt"
	"os"
	"strings"
)

// Axe returns what axe-core, whose file is given, finds wrong in the page as it is now:
// one line for each violation and element. All rules apply, best practices too.
func (t *Tab) Axe(file string) []string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("axe-core is missing; run: make test-browser (%v)", err)
	}
	const run = `axe.run(document, {resultTypes: ['violations']}).then(({violations, passes}) => {
	  if (passes.length === 0) throw new Error('axe-core checked nothing');
	  return violations.flatMap(({id, help, nodes}) => nodes.map(({target, failureSummary}) =>
	    ({id, help, target: target.join(' '), why: failureSummary})));
	})`
	type violation struct{ ID, Help, Target, Why string }
	found := Evaluate[[]violation](t, fmt.Sprintf("(() => { %s\n})(); %s", source, run))
	var lines []string
	for _, v := range found {
		lines = append(lines, fmt.Sprintf("%s (%s) at %s: %s", v.ID, v.Help, v.Target, strings.Join(strings.Fields(v.Why), " ")))
	}
	return lines
}

// Overflow is by how many pixels the page is wider than the window.
func (t *Tab) Overflow() int {
	t.Helper()
	return Evaluate[int](t, "document.documentElement.scrollWidth - document.documentElement.clientWidth")
}
