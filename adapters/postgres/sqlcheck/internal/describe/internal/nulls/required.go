package nulls

import (
	"maps"
	"math"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// outcome is what is known of a condition's value.
type outcome int

const (
	notNull outcome = iota
	isTrue
	isFalse
)

// present stands for a column of an entry whose row is there, though none of
// its columns need be other than NULL.
const present = math.MinInt

// required gives the columns of the query's own entries that can't be NULL
// where a condition has an outcome.
func (w *walker) required(x nodetree.Value, o outcome) map[column]bool {
	n, ok := x.(*nodetree.Node)
	if !ok {
		return nil
	}
	switch n.Tag {
	case "VAR":
		if n.Int("varlevelsup") == 0 && n.Int("varattno") != 0 && n.Int("varreturningtype") == 0 {
			c := columnOf(n)
			return map[column]bool{c: true, {c.entry, present}: true}
		}
	case "RELABELTYPE", "COLLATEEXPR", "COERCEVIAIO", "COERCETODOMAIN", "ARRAYCOERCEEXPR", "NAMEDARGEXPR":
		return w.required(n.Field("arg"), notNull)
	case "NULLTEST":
		isNull := n.Int("nulltesttype") == 0
		if !n.Bool("argisrow") && (isNull && o == isFalse || !isNull && o == isTrue) {
			return w.required(n.Field("arg"), notNull)
		}
	case "BOOLEANTEST":
		if o, ok := tested[test{n.Int("booltesttype"), o}]; ok {
			return w.required(n.Field("arg"), o)
		}
	case "BOOLEXPR":
		return w.requiredByWord(n, o)
	case "SUBLINK":
		if o == isTrue && n.Int("subLinkType") == linkAny {
			return w.required(n.Field("testexpr"), isTrue)
		}
	default:
		return w.requiredByCall(n, o)
	}
	return nil
}

type test struct {
	kind int // BoolTestType
	o    outcome
}

// tested gives what the outcome of IS TRUE and its like proves of the operand.
var tested = map[test]outcome{
	{0, isTrue}:  isTrue,  // IS TRUE
	{1, isFalse}: isTrue,  // IS NOT TRUE
	{2, isTrue}:  isFalse, // IS FALSE
	{3, isFalse}: isFalse, // IS NOT FALSE
	{4, isFalse}: notNull, // IS UNKNOWN
	{5, isTrue}:  notNull, // IS NOT UNKNOWN
}

func columnOf(n *nodetree.Node) column { return column{n.Int("varno"), n.Int("varattno")} }

// requiredByWord handles AND, OR and NOT.
func (w *walker) requiredByWord(n *nodetree.Node, o outcome) map[column]bool {
	args := n.List("args")
	switch word := n.Text("boolop"); {
	case word == "not" && len(args) == 1:
		opposite := map[outcome]outcome{notNull: notNull, isTrue: isFalse, isFalse: isTrue}
		return w.required(args[0], opposite[o])
	case word == "and" && o == isTrue, word == "or" && o == isFalse:
		return w.requiredByAll(args, o)
	default:
		return w.requiredByEach(args, o)
	}
}

// requiredByAll gives what several conditions together require.
func (w *walker) requiredByAll(list nodetree.List, o outcome) map[column]bool {
	found := map[column]bool{}
	for _, x := range list {
		maps.Copy(found, w.required(x, o))
	}
	return found
}

// requiredByEach gives what each of several conditions requires.
func (w *walker) requiredByEach(list nodetree.List, o outcome) map[column]bool {
	var found map[column]bool
	for i, x := range list {
		columns := w.required(x, o)
		if i == 0 {
			found = maps.Clone(columns)
		}
		maps.DeleteFunc(found, func(c column, _ bool) bool { return !columns[c] })
	}
	return found
}

// requiredByCall handles functions and operators: a strict one is NULL when an
// argument is.
func (w *walker) requiredByCall(n *nodetree.Node, o outcome) map[column]bool {
	args := n.List("args")
	switch n.Tag {
	case "FUNCEXPR":
		if w.function(n.OID("funcid")).Strict && !n.Bool("funcretset") {
			return w.requiredByAll(args, notNull)
		}
	case "OPEXPR":
		if w.function(w.operates(n)).Strict && !n.Bool("opretset") {
			return w.requiredByAll(args, notNull)
		}
	case "SCALARARRAYOPEXPR": // over no elements ANY is false, and ALL is true
		some := n.Bool("useOr") && o == isTrue || !n.Bool("useOr") && o == isFalse
		if len(args) == 2 && (some || hasElements(args[1])) && w.function(w.operates(n)).Strict {
			return w.requiredByAll(args, notNull)
		}
	}
	return nil
}

// hasElements reports whether an array is written out and not empty.
func hasElements(x nodetree.Value) bool {
	n, ok := x.(*nodetree.Node)
	return ok && n.Tag == "ARRAYEXPR" && !n.Bool("multidims") && len(n.List("elements")) > 0
}

// operates is the function of an operator's node.
func (w *walker) operates(n *nodetree.Node) uint32 {
	if f := n.OID("opfuncid"); f != 0 {
		return f
	}
	return w.operator(n.OID("opno")).Function
}

// excluded gives the columns that can't be NULL where a condition is not true.
func (w *walker) excluded(x nodetree.Value) map[column]bool {
	n, ok := x.(*nodetree.Node)
	if !ok {
		return nil
	}
	switch {
	case n.Tag == "NULLTEST" && n.Int("nulltesttype") == 0 && !n.Bool("argisrow"):
		return w.required(n.Field("arg"), notNull)
	case n.Tag == "BOOLEXPR" && n.Text("boolop") == "or":
		found := map[column]bool{}
		for _, arm := range n.List("args") {
			maps.Copy(found, w.excluded(arm))
		}
		return found
	}
	return nil
}
