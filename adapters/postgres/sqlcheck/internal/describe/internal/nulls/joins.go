package nulls

import (
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// extension is an outer join's filling of one of its sides with NULLs, where
// the other side's row has no match.
type extension struct {
	join int // its number in the range table
	left bool
}

// joins finds which outer joins can fill which entries of the range table.
type joins struct {
	extensions map[int][]extension // by entry, the innermost join first
	inside     map[int][]int       // by join, the entries that it joins
	kinds      map[int]int         // JoinType by join
}

func joinsOf(query *nodetree.Node) joins {
	j := joins{map[int][]extension{}, map[int][]int{}, map[int]int{}}
	if tree := query.Node("jointree"); tree != nil {
		for _, item := range tree.List("fromlist").Nodes() {
			j.add(item)
		}
	}
	return j
}

// add returns the entries in a part of the tree of joins.
func (j *joins) add(item *nodetree.Node) []int {
	n := item.Int("rtindex")
	if item.Tag != "JOINEXPR" {
		return []int{n}
	}
	kind := item.Int("jointype")
	left, right := j.add(item.Node("larg")), j.add(item.Node("rarg"))
	if kind == joinRight || kind == joinFull {
		for _, e := range left {
			j.extensions[e] = append(j.extensions[e], extension{n, true})
		}
	}
	if kind == joinLeft || kind == joinFull {
		for _, e := range right {
			j.extensions[e] = append(j.extensions[e], extension{n, false})
		}
	}
	j.kinds[n] = kind
	j.inside[n] = slices.Concat(left, right)
	return append(j.inside[n], n)
}

// within gives the entries in a part of the tree of joins.
func (j *joins) within(item *nodetree.Node) []int {
	n := item.Int("rtindex")
	return append(slices.Clone(j.inside[n]), n)
}

// around gives the extensions of an entry: all, or with a join, those by joins
// within it.
func (j *joins) around(entry, within int) []extension {
	if within == 0 {
		return j.extensions[entry]
	}
	var found []extension
	for _, e := range j.extensions[entry] {
		if slices.Contains(j.inside[within], e.join) {
			found = append(found, e)
		}
	}
	return found
}

// extended says why a row of an entry can be absent.
func (w *walker) extended(s *scope, entry int) Why {
	for _, e := range s.joins.around(entry, s.below) {
		if s.facts.never[e] {
			continue
		}
		kind := map[int]string{joinLeft: "LEFT", joinRight: "RIGHT", joinFull: "FULL"}[s.joins.kinds[e.join]]
		return because("the %s JOIN may find no row of %s", kind, w.title(s, entry))
	}
	return ""
}

// title is what the statement calls an entry.
func (w *walker) title(s *scope, entry int) string {
	e := s.entry(entry)
	name := "it"
	if names := e.Node("eref"); names != nil {
		name = names.Text("aliasname")
	}
	switch {
	case e.Int("rtekind") == rteJoin && e.Node("alias") == nil:
		return "the inner join"
	case e.Int("rtekind") == rteRelation && e.Node("alias") != nil:
		return w.relation(e.OID("relid")).Name + " " + name
	case e.Int("rtekind") == rteRelation:
		return w.relation(e.OID("relid")).Name
	}
	return name
}
