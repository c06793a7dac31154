// Package nulls finds which results of a query can be NULL, and why, from the
// tree that the server made of it.
//
// It errs on one side only: a result that it says can't be NULL never is, for
// any rows that the schema admits. What it doesn't understand can be NULL.
package nulls

import (
	"fmt"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// Why says in words why a value can be NULL; "" says that it can't be.
type Why string

// Param is what is known of a parameter's values.
type Param struct {
	NotNull         bool
	ElementsNotNull bool // of an array
}

// Query says for each result column of an analysed query why it can be NULL.
func Query(schema Schema, params []Param, query *nodetree.Node) ([]Why, error) {
	w := &walker{schema: schema, params: params, views: map[uint32][]Why{}}
	whys := w.query(query, nil)
	return whys, w.err
}

type walker struct {
	schema Schema
	params []Param
	views  map[uint32][]Why // by relation
	err    error            // the first one; the answers after it don't matter
}

// fail keeps an error for the end and lets the walk go on.
func (w *walker) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *walker) relation(oid uint32) Relation {
	r, err := w.schema.Relation(oid)
	if err != nil {
		w.fail(err)
	}
	return r
}

func (w *walker) function(oid uint32) Function {
	f, err := w.schema.Function(oid)
	if err != nil {
		w.fail(err)
	}
	return f
}

func (w *walker) operator(oid uint32) Operator {
	o, err := w.schema.Operator(oid)
	if err != nil {
		w.fail(err)
	}
	return o
}

// either is NULL when a or b is.
func either(a, b Why) Why {
	if a != "" {
		return a
	}
	return b
}

func because(format string, args ...any) Why { return Why(fmt.Sprintf(format, args...)) }

// Kinds of pg_class.relkind.
const (
	table       = 'r'
	partitioned = 'p'
	view        = 'v'
)

// The numbers of the server's enumerations.
const ( // CmdType
	commandSelect = 1
	commandUpdate = 2
	commandInsert = 3
	commandDelete = 4
	commandMerge  = 5 // since 15
)

const notMatchedBySource = 1 // MergeMatchKind, since 17

const ( // JoinType
	joinInner = iota
	joinLeft
	joinFull
	joinRight
)

const ( // RTEKind
	rteRelation = iota
	rteSubquery
	rteJoin
	rteFunction
	rteTableFunction
	rteValues
	rteCTE
	rteNamedTuplestore
	rteResult
	rteGroup // since 18
)

const ( // SetOperation
	setUnion = iota + 1
	setIntersect
	setExcept
)

const ( // SubLinkType
	linkExists = iota
	linkAll
	linkAny
	linkRowCompare
	linkExpr
	linkMultiExpr
	linkArray
)

const ( // ParamKind
	paramExternal = iota
	paramExec
	paramSublink
)
