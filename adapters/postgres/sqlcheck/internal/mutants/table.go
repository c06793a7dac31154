package mutants

import (
	"fmt"
	"slices"
	"strings"
)

// kinds and checks are the rows and columns of the table.
func kinds() []Kind { return []Kind{Rename, Drop, Retype, Widen, Null, NotNull, DropIndex} }

func checks() []Check { return []Check{TypeCheck, Snapshot, Plan, Unused, Survived} }

// Table counts the mutants that each check noticed, as Markdown or as plain
// text. Below it are the unused ones, each with its purpose, and the survivors.
func (r Report) Table(markdown bool) string {
	rows := [][]string{{"change", "mutants"}}
	for _, c := range checks() {
		rows[0] = append(rows[0], string(c))
	}
	for _, k := range kinds() {
		row := []string{string(k), r.count(func(m Mutant) bool { return m.Kind == k })}
		for _, c := range checks() {
			row = append(row, r.count(func(m Mutant) bool { return m.Kind == k && m.Check == c }))
		}
		rows = append(rows, row)
	}
	total := []string{"all", fmt.Sprint(len(r.Mutants))}
	for _, c := range checks() {
		total = append(total, r.count(func(m Mutant) bool { return m.Check == c }))
	}
	out := aligned(append(rows, total), markdown)
	for _, c := range []Check{Unused, Survived} {
		out += r.list(c, markdown)
	}
	return out
}

func (r Report) count(is func(Mutant) bool) string {
	n := 0
	for _, m := range r.Mutants {
		if is(m) {
			n++
		}
	}
	return fmt.Sprint(n)
}

// list lists the mutants of a check.
func (r Report) list(c Check, markdown bool) string {
	var b strings.Builder
	var listed []string
	for _, m := range r.Mutants {
		if m.Check != c {
			continue
		}
		text := "- " + m.Target + ": " + m.Why + "\n"
		if markdown {
			text = "- `" + m.Target + "`: " + m.Why + "\n"
		}
		if c == Survived {
			text = strings.TrimSuffix(text, ": "+m.Why+"\n") + fmt.Sprintf(": %s %s; named %v, missed %v\n", m.Kind, m.Change, m.Named, m.Missed)
		}
		if !slices.Contains(listed, text) {
			listed = append(listed, text)
		}
	}
	if len(listed) > 0 {
		fmt.Fprintf(&b, "\n%s:\n\n%s", c, strings.Join(listed, ""))
	}
	return b.String()
}

func aligned(rows [][]string, markdown bool) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		var cells []string
		for i, cell := range row {
			cells = append(cells, fmt.Sprintf("%-*s", widths[i], cell))
		}
		if markdown {
			b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
			if n == 0 {
				b.WriteString("|---" + strings.Repeat("|---:", len(row)-1) + "|\n")
			}
			continue
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
	}
	return b.String()
}
