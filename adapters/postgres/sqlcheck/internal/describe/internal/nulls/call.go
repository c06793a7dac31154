package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// call handles functions, operators and what is written like them.
func (w *walker) call(s *scope, n *nodetree.Node) Why {
	switch n.Tag {
	case "FUNCEXPR":
		return w.functionCall(s, n)
	case "OPEXPR":
		return w.operatorCall(s, n)
	case "SCALARARRAYOPEXPR":
		return w.arrayComparison(s, n)
	case "AGGREF":
		return w.aggregate(s, n)
	case "WINDOWFUNC":
		return w.window(s, n)
	case "SUBSCRIPTINGREF":
		return "a subscript may be outside the array"
	case "FIELDSELECT":
		return "a field of a composite value can be NULL"
	case "SQLVALUEFUNCTION":
		if n.Int("op") == currentSchema {
			return "CURRENT_SCHEMA is NULL without a schema in search_path"
		}
		return ""
	case "JSONCONSTRUCTOREXPR":
		return w.jsonConstructor(s, n)
	case "JSONVALUEEXPR":
		return w.expr(s, n.Field("formatted_expr"))
	case "JSONISPREDICATE":
		return w.expr(s, n.Field("expr"))
	case "JSONEXPR":
		return "an SQL/JSON path may find nothing"
	default:
		return because("sqlcheck doesn't know the server's %s", n.Tag)
	}
}

const currentSchema = 14 // of SQLValueFunctionOp

func (w *walker) functionCall(s *scope, n *nodetree.Node) Why {
	f := w.function(n.OID("funcid"))
	if n.Bool("funcretset") {
		if s.severalSets() {
			return "of several sets in a select list the shorter are filled with NULLs"
		}
		return w.setColumn(s, n, f, 1)
	}
	if monotone(f, n.List("args")) {
		return w.any(s, n.List("args"))
	}
	return w.yielded(s, yield(f), n, because("%s() may return NULL", f.Name))
}

// yielded says why a call can be NULL, given what the function does.
func (w *walker) yielded(s *scope, yield string, n *nodetree.Node, otherwise Why) Why {
	args := n.List("args")
	if n.Bool("funcvariadic") && (yield == "first" || yield == "always") {
		yield = "arguments"
	}
	switch {
	case yield == "arguments":
		return w.any(s, args)
	case yield == "first" && len(args) > 0:
		return w.expr(s, args[0])
	case yield == "always":
		return ""
	}
	return otherwise
}

func (w *walker) operatorCall(s *scope, n *nodetree.Node) Why {
	if n.Bool("opretset") {
		return "an operator returns a set"
	}
	name := w.operator(n.OID("opno")).Name
	return w.yielded(s, yield(w.function(w.operates(n))), n, because("the operator %s may return NULL", name))
}

// arrayComparison handles x = ANY(array) and x IN (list).
func (w *walker) arrayComparison(s *scope, n *nodetree.Node) Why {
	args := n.List("args")
	if len(args) != 2 || yield(w.function(w.operates(n))) != "arguments" {
		return because("the operator %s may return NULL", w.operator(n.OID("opno")).Name)
	}
	return either(w.any(s, args), w.elements(s, args[1]))
}

// jsonConstructor handles JSON_OBJECT and its like.
func (w *walker) jsonConstructor(s *scope, n *nodetree.Node) Why {
	const object, array = 1, 2 // JsonConstructorType
	if kind := n.Int("type"); kind == object || kind == array {
		return ""
	}
	if f := n.Field("func"); f != nil {
		return w.expr(s, f)
	}
	return w.any(s, n.List("args"))
}

// setColumn handles a column of what a set-returning function returns.
func (w *walker) setColumn(s *scope, n *nodetree.Node, f Function, column int) Why {
	switch {
	case rowsNotNull(f, column):
		return ""
	case f.BuiltIn && f.Source == "array_unnest" && len(n.List("args")) == 1:
		return w.elements(s, n.List("args")[0])
	}
	return because("%s() may return NULL", f.Name)
}

// severalSets reports whether the select list has more than one set-returning call.
func (f *frame) severalSets() bool {
	sets := 0
	for _, t := range f.query.List("targetList").Nodes() {
		nodetree.All(t, func(n *nodetree.Node) {
			if n.Bool("funcretset") || n.Bool("opretset") {
				sets++
			}
		})
	}
	return sets > 1
}

// monotone reports whether a call is extract() or date_part() of a field that an
// infinite time has too; for the others the answer is NULL.
func monotone(f Function, args nodetree.List) bool {
	if !f.BuiltIn || len(args) != 2 {
		return false
	}
	switch f.Source {
	case "extract_date", "extract_timestamp", "extract_timestamptz", "timestamp_part", "timestamptz_part":
	default:
		return false
	}
	field, ok := args[0].(*nodetree.Node)
	if !ok || field.Tag != "CONST" {
		return false
	}
	b := field.Bytes("constvalue")
	if len(b) < 4 {
		return false
	}
	switch string(b[4:]) {
	case "epoch", "julian", "year", "isoyear", "decade", "century", "millennium":
		return true
	}
	return false
}
