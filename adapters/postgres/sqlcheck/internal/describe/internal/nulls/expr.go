package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

// expr says why an expression can be NULL.
func (w *walker) expr(s *scope, x nodetree.Value) Why {
	n, ok := x.(*nodetree.Node)
	if !ok {
		return "it has no value"
	}
	if why := s.ungroup(n); why != "" {
		return why
	}
	switch n.Tag {
	case "VAR":
		return w.variable(s, n)
	case "CONST":
		if n.Bool("constisnull") {
			return "NULL"
		}
		return ""
	case "PARAM":
		return w.param(s, n)
	case "RELABELTYPE", "COERCEVIAIO", "COLLATEEXPR", "ARRAYCOERCEEXPR", "CONVERTROWTYPEEXPR", "NAMEDARGEXPR":
		return w.expr(s, n.Field("arg"))
	case "NULLTEST", "BOOLEANTEST", "DISTINCTEXPR", "ARRAYEXPR", "ROWEXPR", "GROUPINGFUNC", "NEXTVALUEEXPR",
		"MERGESUPPORTFUNC", "TARGETENTRY":
		return w.certain(s, n)
	case "COALESCEEXPR", "MINMAXEXPR":
		return w.all(s, n.List("args"))
	case "BOOLEXPR", "ROWCOMPAREEXPR":
		return w.any(s, append(append(nodetree.List{}, n.List("args")...), append(n.List("largs"), n.List("rargs")...)...))
	case "CASEEXPR":
		return w.cases(s, n)
	case "NULLIFEXPR":
		return "NULLIF() makes it NULL when they are equal"
	case "SUBLINK":
		return w.sublink(s, n)
	case "COERCETODOMAIN":
		return w.domain(s, n)
	default:
		return w.call(s, n)
	}
}

// certain handles what is never NULL, and a target's expression.
func (w *walker) certain(s *scope, n *nodetree.Node) Why {
	if n.Tag == "TARGETENTRY" {
		return w.expr(s, n.Field("expr"))
	}
	return ""
}

// any is NULL when one of the values is.
func (w *walker) any(s *scope, list nodetree.List) Why {
	for _, x := range list {
		if why := w.expr(s, x); why != "" {
			return why
		}
	}
	return ""
}

// all is NULL when all the values are. The last one says why: it is the one
// that the author meant to be there at least.
func (w *walker) all(s *scope, list nodetree.List) Why {
	why := Why("it has no value")
	for _, x := range list {
		if why = w.expr(s, x); why == "" {
			return ""
		}
	}
	return why
}

func (w *walker) param(s *scope, n *nodetree.Node) Why {
	id := n.Int("paramid")
	switch kind := n.Int("paramkind"); {
	case kind == paramSublink && id >= 1 && id <= len(s.links):
		return s.links[id-1]
	case kind == paramExternal && id >= 1 && id <= len(w.params) && w.params[id-1].NotNull:
		return ""
	case kind == paramExternal:
		return because("parameter $%d can be NULL", id)
	}
	return "a subquery may find no row"
}

// cases handles CASE. An arm is reached where its condition is true and those
// before are not.
func (w *walker) cases(s *scope, n *nodetree.Node) Why {
	before := s
	for _, arm := range n.List("args").Nodes() {
		if why := w.expr(before.with(w.required(arm.Field("expr"), isTrue)), arm.Field("result")); why != "" {
			return why
		}
		before = before.with(w.excluded(arm.Field("expr")))
	}
	if last := n.Node("defresult"); last != nil && last.Tag == "CONST" && last.Bool("constisnull") {
		return "CASE without ELSE"
	}
	return w.expr(before, n.Field("defresult"))
}

func (w *walker) domain(s *scope, n *nodetree.Node) Why {
	refuses, err := w.schema.RefusesNull(n.OID("resulttype"))
	if err != nil {
		w.fail(err)
	}
	if refuses {
		return ""
	}
	return w.expr(s, n.Field("arg"))
}

// elements says why an array can hold NULLs.
func (w *walker) elements(s *scope, x nodetree.Value) Why {
	n, ok := x.(*nodetree.Node)
	if !ok {
		return "it has no value"
	}
	switch n.Tag {
	case "ARRAYEXPR":
		if !n.Bool("multidims") {
			return w.any(s, n.List("elements"))
		}
	case "ARRAYCOERCEEXPR", "RELABELTYPE":
		return w.elements(s, n.Field("arg"))
	case "CONST":
		// The array's header: length, dimensions, and the place of the values if
		// there is a map of NULLs.
		if b := n.Bytes("constvalue"); len(b) >= 12 && b[8]|b[9]|b[10]|b[11] == 0 {
			return ""
		}
	case "PARAM":
		if id := n.Int("paramid"); n.Int("paramkind") == paramExternal && id >= 1 && id <= len(w.params) && w.params[id-1].ElementsNotNull {
			return ""
		}
	}
	return "an array can hold NULLs"
}
