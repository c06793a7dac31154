package nulls

import (
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// Kinds of grouping sets, as in PostgreSQL's GroupingSetKind.
const (
	setEmpty = iota
	setSimple
	setRollup
	setCube
	setSets
)

// groupsOf lists the expressions that grouping sets can make NULL, in the
// order of GROUP BY.
func groupsOf(query *nodetree.Node) []group {
	sets := query.List("groupingSets").Nodes()
	if len(sets) == 0 {
		return nil
	}
	var groups []group
	for _, clause := range query.List("groupClause").Nodes() {
		ref := clause.Int("tleSortGroupRef")
		g := group{fixed: slices.ContainsFunc(sets, func(set *nodetree.Node) bool { return inEach(set, ref) })}
		for _, t := range query.List("targetList").Nodes() {
			if t.Int("ressortgroupref") == ref {
				g.expr = t.Field("expr")
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// inEach reports whether an expression is in every set that an element of GROUP BY
// stands for.
func inEach(set *nodetree.Node, ref int) bool {
	switch set.Int("kind") {
	case setSimple:
		return slices.Contains(set.List("content").Ints(), ref)
	case setSets:
		inner := set.List("content").Nodes()
		return len(inner) > 0 && !slices.ContainsFunc(inner, func(n *nodetree.Node) bool { return !inEach(n, ref) })
	}
	return false
}

// canBeEmpty reports whether GROUP BY has the empty set, whose single group may
// have no rows.
func canBeEmpty(query *nodetree.Node) bool {
	sets := query.List("groupingSets").Nodes()
	return len(sets) > 0 && !slices.ContainsFunc(sets, func(set *nodetree.Node) bool { return !hasEmpty(set) })
}

func hasEmpty(set *nodetree.Node) bool {
	switch set.Int("kind") {
	case setSimple:
		return false
	case setSets:
		return slices.ContainsFunc(set.List("content").Nodes(), hasEmpty)
	}
	return true
}

const groupedAway = Why("GROUP BY has sets without it")

// ungroup says that an expression is one of GROUP BY's that grouping sets make
// NULL. Before 18, the server repeats the expression wherever it is used.
func (s *scope) ungroup(n *nodetree.Node) Why {
	if n.Tag == "VAR" { // may belong to a query further out
		if s = s.outer(n.Int("varlevelsup")); s == nil {
			return ""
		}
	}
	if s.ungrouped {
		return ""
	}
	for _, g := range s.groups {
		if !g.fixed && sameExpr(g.expr, n) {
			return groupedAway
		}
	}
	return ""
}

func sameExpr(a nodetree.Value, n *nodetree.Node) bool {
	if v, ok := a.(*nodetree.Node); ok && v.Tag == "VAR" && n.Tag == "VAR" {
		return columnOf(v) == columnOf(n) && v.Int("varlevelsup") == 0
	}
	return nodetree.Equal(a, n)
}

// grouped handles a Var of the entry that stands for GROUP BY, since 18.
func (w *walker) grouped(s *scope, entry *nodetree.Node, attribute int) Why {
	exprs := entry.List("groupexprs")
	if attribute < 1 || attribute > len(exprs) {
		return "sqlcheck doesn't know the group"
	}
	if attribute <= len(s.groups) && !s.groups[attribute-1].fixed {
		return groupedAway
	}
	return w.expr(s.overRows(true), exprs[attribute-1])
}
