package nulls

import (
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
)

func (w *walker) aggregate(s *scope, n *nodetree.Node) Why {
	f := w.function(n.OID("aggfnoid"))
	section := yield(f)
	switch {
	case section == "counters":
		return ""
	case n.Int("agglevelsup") > 0:
		return because("%s() of an outer query may have no rows", f.Name)
	case !s.aggregatesRows():
		return because("%s() over no rows", f.Name)
	case n.Field("aggfilter") != nil:
		return because("%s() where FILTER lets no row pass", f.Name)
	}
	args := n.List("args")
	if f.Name == "string_agg" && len(args) > 1 { // the delimiter may be NULL
		args, section = args[:1], "aggregates"
	}
	return w.aggregated(s.overRows(true), section, f, append(args[:len(args):len(args)], n.List("aggdirectargs")...))
}

// aggregated says why an aggregate over at least one row can be NULL.
func (w *walker) aggregated(s *scope, section string, f Function, args nodetree.List) Why {
	switch section {
	case "collectors":
		return ""
	case "aggregates":
		if why := w.any(s, args); why != "" {
			return because("%s() over values that can all be NULL: %s", f.Name, why)
		}
		return ""
	}
	return because("%s() may return NULL", f.Name)
}

func (w *walker) window(s *scope, n *nodetree.Node) Why {
	f := w.function(n.OID("winfnoid"))
	section := yield(f)
	inner := s.overRows(false)
	switch section {
	case "counters":
		return ""
	case "unframed":
		return w.any(inner, n.List("args"))
	}
	if !s.frameHoldsRow(n.Int("winref")) {
		return because("%s() over a window frame that may be empty", f.Name)
	}
	if n.Field("aggfilter") != nil {
		return because("%s() where FILTER lets no row pass", f.Name)
	}
	args := n.List("args")
	if f.BuiltIn && f.Name == "string_agg" && len(args) > 1 {
		args, section = args[:1], "aggregates"
	}
	if section == "framed" {
		return w.any(inner, args)
	}
	return w.aggregated(inner, section, f, args)
}

// Bits of a window's frameOptions.
const (
	frameStartsUnbounded = 0x20
	frameEndsUnbounded   = 0x100
	frameStartsAtRow     = 0x200
	frameEndsAtRow       = 0x400
	frameExcludes        = 0x8000 | 0x10000 | 0x20000
)

// frameHoldsRow reports whether the frame of a window always has the current row.
func (f *frame) frameHoldsRow(window int) bool {
	for _, c := range f.query.List("windowClause").Nodes() {
		if c.Int("winref") == window {
			o := c.Int("frameOptions")
			return o&(frameStartsUnbounded|frameStartsAtRow) != 0 &&
				o&(frameEndsUnbounded|frameEndsAtRow) != 0 && o&frameExcludes == 0
		}
	}
	return false
}
