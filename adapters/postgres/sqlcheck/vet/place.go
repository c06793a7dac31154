package vet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

// builder refuses an expression that makes a builder where one is not built to
// be returned, and builderUse the mention of one.
func (c *checker) builder(at inspector.Cursor, e ast.Expr) {
	if isBuilder(c.TypesInfo.TypeOf(e)) {
		c.misplaced(at, e)
	}
}

func (c *checker) builderUse(at inspector.Cursor, id *ast.Ident) {
	switch o := c.TypesInfo.Uses[id].(type) {
	case *types.Func:
		if isSquirrel(o.Pkg()) {
			c.misplaced(at, id)
		}
	case *types.Var:
		if isBuilder(o.Type()) {
			c.misplaced(at, id)
		}
	}
}

// misplaced refuses it once a function: what is left of a builder in a
// function that serves is the whole function's fault.
func (c *checker) misplaced(at inspector.Cursor, e ast.Expr) {
	outermost, returned := c.enclosing(at, func(t types.Type) bool { return mentions(t, isBuilder) || mentions(t, isQuery) })
	if outermost == nil || returned || c.reported[outermost] {
		return
	}
	c.reported[outermost] = true
	c.refuse(e.Pos(), "squirrel in a function that returns no builder: build in a definition's Build, or in a function that it calls")
}

// defined refuses to define queries while the program serves.
func (c *checker) defined(at inspector.Cursor, call *ast.CallExpr) {
	if !isQuery(c.TypesInfo.TypeOf(call)) {
		return
	}
	if f, returned := c.enclosing(at, func(t types.Type) bool { return mentions(t, isQuery) }); f != nil && !returned {
		c.refuse(call.Pos(), "a query defined in a function: define it in a package-level variable, "+
			"so that it is known before the program serves")
	}
}

// enclosing is the outermost function around a place, nil at package level,
// and whether any of those around it returns what is asked for.
func (c *checker) enclosing(at inspector.Cursor, is func(types.Type) bool) (outermost ast.Node, returned bool) {
	for f := range at.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		outermost = f.Node()
		var t types.Type
		switch n := outermost.(type) {
		case *ast.FuncDecl:
			t = c.TypesInfo.Defs[n.Name].Type()
		case *ast.FuncLit:
			t = c.TypesInfo.TypeOf(n)
		}
		if sig, ok := t.(*types.Signature); ok {
			returned = returned || is(sig.Results())
		}
	}
	return outermost, returned
}

// isBuilder reports whether a value is of squirrel, or a pointer to or list of
// such.
func isBuilder(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return isSquirrel(t.Obj().Pkg())
	case *types.Pointer:
		return isBuilder(t.Elem())
	case *types.Slice:
		return isBuilder(t.Elem())
	}
	return false
}

func isQuery(t types.Type) bool {
	if t == nil {
		return false
	}
	n, ok := named(t)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != gateway {
		return false
	}
	return n.Obj().Name() == "Query" || n.Obj().Name() == "Copy"
}

// mentions looks for a type among results, in what lists and functions give.
func mentions(t types.Type, is func(types.Type) bool) bool {
	if is(t) {
		return true
	}
	switch t := types.Unalias(t).(type) {
	case *types.Tuple:
		for v := range t.Variables() {
			if mentions(v.Type(), is) {
				return true
			}
		}
	case *types.Slice:
		return mentions(t.Elem(), is)
	case *types.Map:
		return mentions(t.Elem(), is)
	case *types.Signature:
		return mentions(t.Results(), is)
	case *types.Named:
		if s, ok := t.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if is(f.Type()) {
					return true
				}
			}
		}
	}
	return false
}
