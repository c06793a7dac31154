package nulls

import (
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// column is a column of an entry of the range table.
type column struct{ entry, attribute int }

// facts are what conditions prove of the rows that pass them.
type facts struct {
	known map[column]bool    // not NULL, where no extension fills the entry
	never map[extension]bool // fills no row
}

// learn takes in that a column is not NULL, so that none of the extensions
// filled its row.
func (f *facts) learn(c column, extensions []extension) {
	f.known[c] = true
	for _, e := range extensions {
		f.never[e] = true
	}
}

// narrow learns from WHERE, and from ON of the joins whose condition every
// row has met.
func (w *walker) narrow(s *scope) {
	tree := s.query.Node("jointree")
	if tree == nil {
		return
	}
	for c := range w.required(tree.Field("quals"), isTrue) {
		s.facts.learn(c, s.joins.around(c.entry, 0))
	}
	for _, item := range tree.List("fromlist").Nodes() {
		w.narrowJoin(s, item)
	}
}

// narrowJoin learns from the condition of a join and of those within it. The
// outer conditions come first: they may prove that a join's sides always match.
//
// A row of one side has met the condition unless the other side can be filled.
// What is learnt holds in the rows that the join itself, and the joins around
// it, do not fill; in those that they do fill, extended says that the column
// can be NULL.
func (w *walker) narrowJoin(s *scope, item *nodetree.Node) {
	if item == nil || item.Tag != "JOINEXPR" {
		return
	}
	n, kind := item.Int("rtindex"), item.Int("jointype")
	fillsLeft := (kind == joinRight || kind == joinFull) && !s.facts.never[extension{n, true}]
	fillsRight := (kind == joinLeft || kind == joinFull) && !s.facts.never[extension{n, false}]
	left, right := s.joins.within(item.Node("larg")), s.joins.within(item.Node("rarg"))
	for c := range w.required(item.Field("quals"), isTrue) {
		if slices.Contains(left, c.entry) && !fillsRight || slices.Contains(right, c.entry) && !fillsLeft {
			s.facts.learn(c, s.joins.around(c.entry, n))
		}
	}
	w.narrowJoin(s, item.Node("larg"))
	w.narrowJoin(s, item.Node("rarg"))
}
