package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// variable says why a column of an entry of the range table can be NULL.
func (w *walker) variable(s *scope, n *nodetree.Node) Why {
	levels := n.Int("varlevelsup")
	if s = s.outer(levels); s == nil {
		return "sqlcheck doesn't know the query that it belongs to"
	}
	c := columnOf(n)
	if why := w.extended(s, c.entry); why != "" {
		return why
	}
	if why, written := w.returned(s, n); written {
		return why
	}
	if s.facts.known[c] {
		return ""
	}
	return w.entryColumn(s, c)
}

func (w *walker) entryColumn(s *scope, c column) Why {
	e := s.entry(c.entry)
	kind := e.Int("rtekind")
	if c.attribute == 0 {
		return wholeRow(kind)
	}
	switch kind {
	case rteRelation:
		return w.relationColumn(e.OID("relid"), c.attribute)
	case rteSubquery:
		return nth(w.subquery(s, e.Node("subquery")), c.attribute)
	case rteJoin:
		return w.joinColumn(s, c)
	case rteFunction:
		return w.functionColumn(s, e, c.attribute)
	case rteTableFunction:
		return "XMLTABLE or JSON_TABLE may find nothing"
	case rteValues:
		return w.valuesColumn(s, e, c.attribute)
	case rteCTE:
		return nth(w.with(s, e), c.attribute)
	case rteGroup:
		return w.grouped(s, e, c.attribute)
	}
	return "sqlcheck doesn't know where it comes from"
}

// wholeRow handles a row as a value: that of a row that is there is not NULL.
func wholeRow(kind int) Why {
	switch kind {
	case rteRelation, rteSubquery, rteValues, rteCTE:
		return ""
	}
	return "sqlcheck doesn't know rows of this kind as a value"
}

// nth gives the answer for the nth column, from 1.
func nth(whys []Why, n int) Why {
	if n < 1 || n > len(whys) {
		return "sqlcheck doesn't know where it comes from"
	}
	return whys[n-1]
}

func (w *walker) relationColumn(oid uint32, attribute int) Why {
	r := w.relation(oid)
	switch r.Kind {
	case table, partitioned:
		if attribute < 0 { // ctid, tableoid and the like
			return ""
		}
		return columnWhy(r, attribute)
	case view:
		return nth(w.view(oid, r), attribute)
	case 'm':
		return because("the materialized view %s keeps its rows from before the constraints of now", r.Name)
	case 'f':
		return because("%s is a foreign table, whose constraints are not enforced here", r.Name)
	}
	return because("%s is no table", r.Name)
}

func columnWhy(r Relation, attribute int) Why {
	c, ok := r.Columns[attribute]
	switch {
	case !ok:
		return because("sqlcheck doesn't know the column %d of %s", attribute, r.Name)
	case c.NotNull:
		return ""
	case c.Declared:
		return because("%s.%s is NOT NULL, but not in each table that inherits it, or not for rows from before", r.Name, c.Name)
	case c.Domain:
		return because("%s.%s is NOT NULL by its domain only, which an empty subquery gets past", r.Name, c.Name)
	}
	return because("%s.%s is not declared NOT NULL", r.Name, c.Name)
}

func (w *walker) view(oid uint32, r Relation) []Why {
	whys, ok := w.views[oid]
	if !ok && r.View != nil {
		w.views[oid] = nil // a view can't hold itself; were it so, it would end here
		whys = w.query(r.View, nil)
		w.views[oid] = whys
	}
	return whys
}

// joinColumn handles a column that a join makes of one or two others.
func (w *walker) joinColumn(s *scope, c column) Why {
	aliases := s.entry(c.entry).List("joinaliasvars")
	if c.attribute < 1 || c.attribute > len(aliases) {
		return "sqlcheck doesn't know where it comes from"
	}
	alias, ok := aliases[c.attribute-1].(*nodetree.Node)
	if !ok {
		return "the column is gone"
	}
	if s.joins.kinds[c.entry] != joinFull || alias.Tag != "COALESCEEXPR" {
		return w.expr(s, alias)
	}
	// USING of a full join: the value of whichever side is there. So it is
	// enough that one is always there and not NULL, or that both are not NULL
	// before the join.
	args := alias.List("args")
	if w.all(s, args) == "" {
		return ""
	}
	before := *s
	before.below = c.entry
	return w.any(&before, args)
}

func (w *walker) functionColumn(s *scope, e *nodetree.Node, attribute int) Why {
	s = s.overRows(true)
	functions := e.List("functions").Nodes()
	columns := 0
	for _, f := range functions {
		columns += f.Int("funccolcount")
	}
	switch {
	case e.Bool("funcordinality") && attribute == columns+1:
		return ""
	case len(functions) != 1:
		return "of several sets the shorter are filled with NULLs"
	}
	call := functions[0].Node("funcexpr")
	if call == nil || call.Tag != "FUNCEXPR" || !call.Bool("funcretset") {
		if columns == 1 {
			return w.expr(s, functions[0].Field("funcexpr"))
		}
		return "the function may return NULL"
	}
	return w.setColumn(s, call, w.function(call.OID("funcid")), attribute)
}

func (w *walker) valuesColumn(s *scope, e *nodetree.Node, attribute int) Why {
	for _, row := range e.List("values_lists") {
		values, ok := row.(nodetree.List)
		if !ok || attribute > len(values) || attribute < 1 {
			return "sqlcheck doesn't know where it comes from"
		}
		if why := w.expr(s.overRows(true), values[attribute-1]); why != "" {
			return why
		}
	}
	return ""
}
