package plans

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Rule names what a plan did.
type Rule string

// The rules of the gate.
const (
	SeqScan   Rule = "seq-scan"   // reads all of a large table
	IndexWalk Rule = "index-walk" // reads a large table along all of an index
	WholeSort Rule = "whole-sort" // sorts a large part of a large table
	Refused   Rule = "refused"    // is no statement of this schema
	Unneeded  Rule = "unneeded"   // an exception of the gate that no plan needs
)

// Finding is what the plans of a query did against the gate.
type Finding struct {
	Source   string // file:line of the definition
	Query    string
	Variants []string // in which
	Of       int      // how many variants the query has
	Rule     Rule
	Table    string
	Detail   string // what the plan does, and on how many rows
	Fix      string // what to do
}

// String is the finding in one line, as compilers write theirs.
func (f Finding) String() string {
	in := ""
	if f.Of > 1 && len(f.Variants) > 0 {
		in = fmt.Sprintf(" (%d of %d variants, like %q)", len(f.Variants), f.Of, slices.Max(f.Variants))
	}
	return fmt.Sprintf("%s: query %q%s: %s: %s", f.Source, f.Query, in, f.Detail, f.Fix)
}

// fault is one variant's breach of a rule on one table.
type fault struct {
	rule       Rule
	table      string
	rows       float64 // of the table, or those sorted
	conditions []string
	index      string // that is walked, or would be with sequential scans off
	relations  map[string]bool
}

// faults applies the rules to every node of a variant's plan.
func faults(s statement, c *catalog, large float64) []*fault {
	found := map[string]*fault{}
	at := func(rule Rule, name string) *fault {
		key := string(rule) + " " + name
		if found[key] == nil {
			found[key] = &fault{rule: rule, table: name, relations: map[string]bool{}}
		}
		return found[key]
	}
	s.plan.walk(func(n *node, above []*node) {
		if n.Type == "Sort" && n.input() >= large {
			for _, t := range n.largest(c, large) {
				f := at(WholeSort, t)
				f.rows = max(f.rows, n.input())
				f.add(strings.Join(n.SortKey, ", "))
			}
		}
		t := c.tables[n.table()]
		if t == nil || !n.whole(above) {
			return
		}
		f := at(SeqScan, t.root)
		if n.Index != "" {
			f = at(IndexWalk, t.root)
			f.index = c.rootIndex(n)
		}
		if !f.relations[t.name] {
			f.relations[t.name] = true
			f.rows += t.rows
		}
		f.add(n.Filter)
	})
	for _, f := range found {
		if f.rule == SeqScan {
			f.index = s.alternative(c, f.table)
		}
	}
	return slices.DeleteFunc(slices.SortedFunc(maps.Values(found), byRuleAndTable), func(f *fault) bool { return f.rows < large })
}

func byRuleAndTable(a, b *fault) int {
	return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.rule, b.rule))
}

func (f *fault) add(condition string) {
	if condition != "" && !slices.Contains(f.conditions, condition) {
		f.conditions = append(f.conditions, condition)
	}
}

// whole reports whether a node reads all of its table. Along an index in whose
// order the rows are needed it reads the first few if there is a LIMIT that
// nothing below it can starve: neither a filter nor a join.
func (n *node) whole(above []*node) bool {
	switch n.Type {
	case "Seq Scan":
		return true
	case "Index Scan", "Index Only Scan":
		if n.IndexCond != "" || n.OrderBy != "" {
			return false
		}
	default:
		return false
	}
	if n.Filter != "" {
		return true
	}
	for _, up := range slices.Backward(above) {
		switch {
		case up.Type == "Limit":
			return false
		case !slices.Contains([]string{"LockRows", "Result", "Subquery Scan", "Append", "Merge Append"}, up.Type) || up.Filter != "":
			return true
		}
	}
	return true
}

// input is how many rows a Sort gets.
func (n *node) input() float64 {
	rows := n.Rows
	for _, child := range n.Children {
		if child.Parent == "Outer" {
			rows = child.Rows
		}
	}
	return rows
}

// largest are the large tables whose rows come to a node.
func (n *node) largest(c *catalog, large float64) []string {
	rows := map[string]float64{}
	n.walk(func(n *node, _ []*node) {
		if t := c.tables[n.table()]; t != nil {
			rows[t.root] += t.rows
		}
	})
	maps.DeleteFunc(rows, func(_ string, n float64) bool { return n < large })
	return slices.Sorted(maps.Keys(rows))
}

// alternative is an index that would serve if sequential scans cost more.
func (s statement) alternative(c *catalog, name string) (index string) {
	s.without.walk(func(n *node, _ []*node) {
		t := c.tables[n.table()]
		switch {
		case t == nil || t.root != name:
		case n.Type == "Bitmap Heap Scan":
			n.walk(func(n *node, _ []*node) {
				if n.Type == "Bitmap Index Scan" {
					index = c.bitmapIndex(n, name)
				}
			})
		case n.IndexCond != "":
			index = c.rootIndex(n)
		}
	})
	return index
}
