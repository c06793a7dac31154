package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// Refused lists, by number, which parameters a statement writes unchanged to a
// column that refuses NULL, with the name of that column.
func Refused(schema Schema, query *nodetree.Node) (map[int]string, error) {
	w := &walker{schema: schema}
	found := map[int]string{}
	nodetree.All(query, func(q *nodetree.Node) {
		if command := q.Int("commandType"); q.Tag != "QUERY" || command != commandInsert && command != commandUpdate {
			return
		}
		f := &frame{query: q}
		r := w.relation(f.entry(q.Int("resultRelation")).OID("relid"))
		if r.Triggered || r.Rewritten {
			return
		}
		targets := q.List("targetList").Nodes()
		if conflict := q.Node("onConflict"); conflict != nil {
			targets = append(targets[:len(targets):len(targets)], conflict.List("onConflictSet").Nodes()...)
		}
		for _, t := range targets {
			c := r.Columns[t.Int("resno")]
			if !t.Bool("resjunk") && c.NotNull {
				f.refuse(t.Node("expr"), r.Name+"."+c.Name, found)
			}
		}
	})
	return found, w.err
}

// refuse notes the parameters that are the value of a column.
func (f *frame) refuse(x *nodetree.Node, column string, found map[int]string) {
	for x != nil && x.Node("arg") != nil && (x.Tag == "RELABELTYPE" || x.Tag == "COERCEVIAIO" || x.Tag == "COERCETODOMAIN") {
		x = x.Node("arg")
	}
	if x == nil {
		return
	}
	switch e := f.entry(x.Int("varno")); {
	case x.Tag == "FUNCEXPR" && x.Int("funcformat") != 0 && len(x.List("args")) > 0: // a cast
		f.refuse(x.List("args").Nodes()[0], column, found)
	case x.Tag == "PARAM" && x.Int("paramkind") == paramExternal:
		found[x.Int("paramid")] = column
	case x.Tag == "VAR" && e.Int("rtekind") == rteValues:
		for _, row := range e.List("values_lists") {
			if values, ok := row.(nodetree.List); ok && x.Int("varattno") <= len(values) && x.Int("varattno") > 0 {
				value, _ := values[x.Int("varattno")-1].(*nodetree.Node)
				f.refuse(value, column, found)
			}
		}
	}
}
