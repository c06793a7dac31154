package mutants

import (
	"fmt"
	"slices"
	"strings"
)

// kinds and lines are the rows and columns of the table.
func kinds() []Kind { return []Kind{Rename, Drop, Retype, Widen, Null, NotNull, DropIndex} }

func lines() []Line { return []Line{Judge, Lock, Plan, Unused, Survived} }

// Table counts which check noticed what, and lists below it what is unused, with
// its purpose, and what survived; in Markdown or plain.
func (r Report) Table(markdown bool) string {
	rows := [][]string{{"change", "mutants"}}
	for _, l := range lines() {
		rows[0] = append(rows[0], string(l))
	}
	for _, k := range kinds() {
		row := []string{string(k), r.count(func(m Mutant) bool { return m.Kind == k })}
		for _, l := range lines() {
			row = append(row, r.count(func(m Mutant) bool { return m.Kind == k && m.Line == l }))
		}
		rows = append(rows, row)
	}
	total := []string{"all", fmt.Sprint(len(r.Mutants))}
	for _, l := range lines() {
		total = append(total, r.count(func(m Mutant) bool { return m.Line == l }))
	}
	out := aligned(append(rows, total), markdown)
	for _, l := range []Line{Unused, Survived} {
		out += r.list(l, markdown)
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

// list tells of the mutants of a line.
func (r Report) list(l Line, markdown bool) string {
	var b strings.Builder
	var told []string
	for _, m := range r.Mutants {
		if m.Line != l {
			continue
		}
		text := "- " + m.Target + ": " + m.Why + "\n"
		if markdown {
			text = "- `" + m.Target + "`: " + m.Why + "\n"
		}
		if l == Survived {
			text = strings.TrimSuffix(text, ": "+m.Why+"\n") + fmt.Sprintf(": %s %s; named %v, missed %v\n", m.Kind, m.Change, m.Named, m.Missed)
		}
		if !slices.Contains(told, text) {
			told = append(told, text)
		}
	}
	if len(told) > 0 {
		fmt.Fprintf(&b, "\n%s:\n\n%s", l, strings.Join(told, ""))
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
