package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// Kinds of a Var's varreturningtype, since 18.
const (
	returningOld = 1
	returningNew = 2
)

// returned handles a column of the table that a statement changes, as
// RETURNING has it. written is false for any other column.
//
// Conditions prove nothing of it: they are about the row before the change.
func (w *walker) returned(s *scope, n *nodetree.Node) (why Why, written bool) {
	c, command := columnOf(n), s.query.Int("commandType")
	switch {
	case command == commandSelect:
		return "", false
	case c.entry != s.query.Int("resultRelation"):
		if command == commandMerge && s.mergesWithoutSource() {
			return "MERGE may find no row of the source", true
		}
		return "", false
	}
	r := w.relation(s.entry(c.entry).OID("relid"))
	if why := r.returns(command, n.Int("varreturningtype")); why != "" {
		return why, true
	}
	if command == commandDelete || c.attribute == 0 {
		return "", c.attribute == 0
	}
	why = w.relationColumn(s.entry(c.entry).OID("relid"), c.attribute)
	fresh := n.Int("varreturningtype") != returningOld && !r.Triggered && r.Kind == table
	if why != "" && fresh && w.assigned(s, c.attribute) == "" {
		why = ""
	}
	return why, true
}

// returns says why a row that a command returns need not be a row of the
// relation.
func (r Relation) returns(command, returning int) Why {
	switch {
	case r.Kind != table && r.Kind != partitioned:
		return because("%s is no plain table: what is returned need not be what it shows", r.Name)
	case r.Rewritten:
		return because("a rule of %s may return something else", r.Name)
	case returning == returningOld && command != commandUpdate && command != commandDelete:
		return "there may be no old row"
	case returning == returningNew && command != commandUpdate && command != commandInsert:
		return "there may be no new row"
	}
	return ""
}

// mergesWithoutSource reports whether a MERGE acts on rows NOT MATCHED BY SOURCE.
func (f *frame) mergesWithoutSource() bool {
	for _, action := range f.query.List("mergeActionList").Nodes() {
		if action.Int("matchKind") == notMatchedBySource {
			return true
		}
	}
	return false
}

// assigned says why the value that the statement gives a column can be NULL.
func (w *walker) assigned(s *scope, attribute int) Why {
	q := s.query
	switch q.Int("commandType") {
	case commandUpdate:
		return w.assignment(s, q.List("targetList"), attribute)
	case commandInsert:
		why := w.assignment(s, q.List("targetList"), attribute)
		if conflict := q.Node("onConflict"); why == "" && conflict != nil && len(conflict.List("onConflictSet")) > 0 {
			why = w.assignment(s, conflict.List("onConflictSet"), attribute)
		}
		return why
	}
	return "it is not assigned"
}

func (w *walker) assignment(s *scope, targets nodetree.List, attribute int) Why {
	for _, t := range targets.Nodes() {
		if t.Int("resno") == attribute && !t.Bool("resjunk") {
			return w.written(s, t.Node("expr"))
		}
	}
	return "it is not assigned"
}

// written says why a value that is written can be NULL. A column of the table
// itself is that of the row before, of which only the constraints are known.
func (w *walker) written(s *scope, x *nodetree.Node) Why {
	if x == nil {
		return "it has no value"
	}
	conflict := s.query.Node("onConflict")
	if conflict != nil && x.Tag == "VAR" && x.Int("varno") == conflict.Int("exclRelIndex") {
		return w.assignment(s, s.query.List("targetList"), x.Int("varattno"))
	}
	target := s.query.Int("resultRelation")
	own := false
	nodetree.All(x, func(n *nodetree.Node) {
		own = own || n.Tag == "VAR" && n.Int("varno") == target
	})
	if own {
		return "it depends on the row before"
	}
	return w.expr(s, x)
}
