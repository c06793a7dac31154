package plans

import "strings"

// shape is a plan without costs, sizes and the names of partitions: it changes
// when the plan does another thing. A node is a line, with its conditions and
// the nodes that feed it below, indented.
func (n *node) shape() string {
	var b strings.Builder
	n.write(&b, "")
	return b.String()
}

func (n *node) write(b *strings.Builder, indent string) {
	if n.Subplan != "" {
		b.WriteString(indent + n.Subplan + "\n")
		indent += "  "
	}
	b.WriteString(indent + n.title() + "\n")
	indent += "  "
	for _, part := range []struct{ name, text string }{
		{"index", n.IndexCond},
		{"order by", n.OrderBy},
		{"recheck", n.Recheck},
		{"row", n.TID},
		{"hash", n.HashCond},
		{"merge", n.MergeCond},
		{"join", n.JoinFilter},
		{"filter", n.Filter},
		{"once", n.OneTime},
		{"key", strings.Join(n.SortKey, ", ")},
		{"presorted", strings.Join(n.Presorted, ", ")},
		{"group", strings.Join(n.GroupKey, ", ")},
		{"conflict", n.Conflict},
		{"by", strings.Join(n.Arbiters, ", ")},
	} {
		if part.text != "" {
			b.WriteString(indent + part.name + ": " + part.text + "\n")
		}
	}
	for _, child := range n.Children {
		child.write(b, indent)
	}
}

func (n *node) title() string {
	words := []string{n.Type}
	if n.Type == "ModifyTable" {
		words = []string{n.Operation, n.Schema + "." + n.Relation}
	}
	if n.Join != "" && n.Join != "Inner" {
		words = append(words, strings.ToLower(n.Join))
	}
	if n.Strategy != "" && n.Strategy != "Plain" {
		words = append(words, strings.ToLower(n.Strategy))
	}
	if n.Direction == "Backward" {
		words = append(words, "backward")
	}
	if n.Index != "" {
		words = append(words, "using", n.Index)
	}
	if t := n.table(); t != "" {
		words = append(words, "on", t)
	}
	for _, name := range []string{n.CTE, n.Function, n.Alias} {
		if name != "" && name != n.Relation && words[len(words)-1] != name {
			words = append(words, name)
		}
	}
	return strings.Join(words, " ")
}

// Diff shows line by line how a shape changed: lines that are gone with "-", new
// ones with "+", others with a space. It is empty when nothing changed.
func Diff(old, now string) string {
	if old == now {
		return ""
	}
	a, b := strings.Split(strings.TrimSpace(old), "\n"), strings.Split(strings.TrimSpace(now), "\n")
	common := longest(a, b)
	var out strings.Builder
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out.WriteString("  " + a[i] + "\n")
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out.WriteString("- " + a[i] + "\n")
			i++
		default:
			out.WriteString("+ " + b[j] + "\n")
			j++
		}
	}
	return out.String()
}

// longest gives, for each pair of tails, how many lines they have in common.
func longest(a, b []string) [][]int {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	return common
}
