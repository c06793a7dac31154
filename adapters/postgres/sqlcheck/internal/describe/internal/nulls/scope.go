package nulls

import (
	"maps"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// scope is where an expression is evaluated: within a query, and with what is
// known there.
type scope struct {
	*frame
	facts facts
	// ungrouped: the rows are not grouped yet, as in an aggregate's argument.
	ungrouped bool
	// below is a join whose own columns are being made: it, and the joins
	// around it, have not taken place. 0: all have.
	below int
	// links is what the subquery yields to which the expression compares.
	links []Why
}

// frame is a query with what is found out about it once.
type frame struct {
	query   *nodetree.Node
	up      *scope // the query around it
	joins   joins
	all     facts // of every row that passes the conditions
	groups  []group
	results map[*nodetree.Node][]Why // of the subqueries in FROM and WITH
	assumed map[string][]Why         // of the recursive queries in WITH
}

// group is an expression of GROUP BY that grouping sets can make NULL.
type group struct {
	expr  nodetree.Value
	fixed bool // it is in every grouping set
}

func (w *walker) open(query *nodetree.Node, up *scope) *scope {
	f := &frame{query: query, up: up, results: map[*nodetree.Node][]Why{}, assumed: map[string][]Why{}}
	f.joins = joinsOf(query)
	f.groups = groupsOf(query)
	f.all = facts{known: map[column]bool{}, never: map[extension]bool{}}
	s := f.base()
	w.narrow(s)
	return s
}

// entry gives an entry of the query's range table, numbered from 1.
func (f *frame) entry(n int) *nodetree.Node {
	if table := f.query.List("rtable"); n >= 1 && n <= len(table) {
		if e, ok := table[n-1].(*nodetree.Node); ok {
			return e
		}
	}
	return &nodetree.Node{}
}

// base is the scope of the query's rows before anything that is known of them
// at one place only.
func (f *frame) base() *scope { return &scope{frame: f, facts: f.all} }

// outer is the scope of the query so many levels up, or nil.
func (s *scope) outer(levels int) *scope {
	for ; levels > 0 && s != nil; levels-- {
		s = s.up
	}
	return s
}

// with is the scope where also the columns are not NULL.
func (s *scope) with(columns map[column]bool) *scope {
	if len(columns) == 0 {
		return s
	}
	inner := *s
	inner.facts = facts{known: maps.Clone(s.facts.known), never: maps.Clone(s.facts.never)}
	for c := range columns {
		inner.facts.learn(c, s.joins.around(c.entry, 0))
	}
	return &inner
}

// overRows is the scope of an argument that is evaluated for other rows too:
// those of the group or the window.
func (s *scope) overRows(ungrouped bool) *scope {
	inner := s.base()
	inner.ungrouped = s.ungrouped || ungrouped
	return inner
}

// aggregatesRows reports whether each group has at least one row, so that its
// aggregates have something to aggregate.
func (f *frame) aggregatesRows() bool {
	return len(f.query.List("groupClause")) > 0 && !canBeEmpty(f.query)
}
