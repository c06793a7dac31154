package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// Insertion is an INSERT, or the INSERT of a MERGE, with the numbers of the
// columns that it names.
type Insertion struct {
	Relation uint32
	Columns  []int
}

// Inserted lists the insertions of a statement, those in its CTEs included.
func Inserted(query *nodetree.Node) []Insertion {
	var all []Insertion
	nodetree.All(query, func(q *nodetree.Node) {
		if q.Tag != "QUERY" {
			return
		}
		f := &frame{query: q}
		relation := f.entry(q.Int("resultRelation")).OID("relid")
		switch q.Int("commandType") {
		case commandInsert:
			all = append(all, Insertion{relation, columnsIn(q.List("targetList"))})
		case commandMerge:
			for _, action := range q.List("mergeActionList").Nodes() {
				if action.Int("commandType") == commandInsert {
					all = append(all, Insertion{relation, columnsIn(action.List("targetList"))})
				}
			}
		}
	})
	return all
}

func columnsIn(targets nodetree.List) (numbers []int) {
	for _, t := range targets.Nodes() {
		if !t.Bool("resjunk") {
			numbers = append(numbers, t.Int("resno"))
		}
	}
	return numbers
}
