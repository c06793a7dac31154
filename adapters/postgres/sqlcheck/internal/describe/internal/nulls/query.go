package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// query says for each result column of a query why it can be NULL. up is where
// the query is, or nil.
func (w *walker) query(q *nodetree.Node, up *scope) []Why {
	s := w.open(q, up)
	if operation := q.Node("setOperations"); operation != nil {
		return w.combined(s, operation)
	}
	targets := q.List("targetList")
	if q.Int("commandType") != commandSelect {
		targets = q.List("returningList")
	}
	whys := []Why{}
	for _, t := range targets.Nodes() {
		if !t.Bool("resjunk") {
			whys = append(whys, w.expr(s, t.Field("expr")))
		}
	}
	return whys
}

// subquery is query, once for each subquery.
func (w *walker) subquery(s *scope, q *nodetree.Node) []Why {
	if q == nil {
		return nil
	}
	whys, ok := s.results[q]
	if !ok {
		whys = w.query(q, s.overRows(true))
		s.results[q] = whys
	}
	return whys
}

// combined handles UNION, INTERSECT and EXCEPT.
func (w *walker) combined(s *scope, x *nodetree.Node) []Why {
	if x == nil || x.Tag != "SETOPERATIONSTMT" {
		if x == nil {
			return nil
		}
		return w.subquery(s, s.entry(x.Int("rtindex")).Node("subquery"))
	}
	left, right := w.combined(s, x.Node("larg")), w.combined(s, x.Node("rarg"))
	whys := make([]Why, min(len(left), len(right)))
	for i := range whys {
		switch x.Int("op") {
		case setUnion:
			whys[i] = either(left[i], right[i])
		case setIntersect:
			if right[i] != "" {
				whys[i] = left[i]
			}
		case setExcept:
			whys[i] = left[i]
		default:
			whys[i] = "sqlcheck doesn't know the set operation"
		}
	}
	return whys
}

// with handles what a query in WITH gives. A recursive one is first assumed
// never to give NULL; then its answer, under what was assumed, is assumed in
// turn until it doesn't change. By induction over the rounds of the recursion
// the last one holds.
func (w *walker) with(s *scope, entry *nodetree.Node) []Why {
	name := entry.Text("ctename")
	if s = s.outer(entry.Int("ctelevelsup")); s == nil {
		return nil
	}
	if assumed, ok := s.assumed[name]; ok {
		return assumed
	}
	for _, c := range s.query.List("cteList").Nodes() {
		if c.Text("ctename") != name {
			continue
		}
		if !c.Bool("cterecursive") {
			return w.subquery(s, c.Node("ctequery"))
		}
		return w.recursive(s, name, c)
	}
	return nil
}

func (w *walker) recursive(s *scope, name string, c *nodetree.Node) []Why {
	q := c.Node("ctequery")
	if whys, ok := s.results[q]; ok {
		return whys
	}
	whys := make([]Why, len(c.List("ctecolnames")))
	for {
		s.assumed[name] = whys
		next := w.query(q, s.base())
		delete(s.assumed, name)
		changed := false
		for i := range min(len(whys), len(next)) {
			changed = changed || whys[i] == "" && next[i] != ""
		}
		if !changed {
			// Columns that SEARCH and CYCLE add are not in the query.
			s.results[q] = next
			return next
		}
		whys = append(next, whys[min(len(next), len(whys)):]...)
	}
}

// oneRow reports whether a query gives exactly one row.
func oneRow(q *nodetree.Node) bool {
	if q.Int("commandType") != commandSelect || q.Bool("hasTargetSRFs") {
		return false
	}
	for _, part := range []string{"setOperations", "havingQual", "limitCount", "limitOffset"} {
		if q.Field(part) != nil {
			return false
		}
	}
	if len(q.List("groupClause")) > 0 || len(q.List("groupingSets")) > 0 {
		return false
	}
	tree := q.Node("jointree")
	bare := tree != nil && len(tree.List("fromlist")) == 0 && tree.Field("quals") == nil
	return q.Bool("hasAggs") || bare
}

// sublink handles a subquery in an expression.
func (w *walker) sublink(s *scope, n *nodetree.Node) Why {
	q := n.Node("subselect")
	if q == nil {
		return "sqlcheck doesn't know the subquery"
	}
	switch n.Int("subLinkType") {
	case linkExists, linkArray:
		return ""
	case linkAny, linkAll:
		inner := *s
		inner.links = w.query(q, s)
		return w.expr(&inner, n.Field("testexpr"))
	case linkExpr:
		if oneRow(q) {
			return nth(w.query(q, s), 1)
		}
		return "a subquery may find no row"
	}
	return "a subquery may find no row"
}
