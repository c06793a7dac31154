package vet

import (
	"go/ast"
	"go/types"
	"iter"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
)

// joined refuses arguments of squirrel's that are texts joined from what isn't
// constant.
func (c *checker) joined(call *ast.CallExpr) {
	f := c.callee(call)
	if f == nil || !isSquirrel(f.Pkg()) {
		return
	}
	params := f.Signature().Params()
	for i, arg := range call.Args {
		if p := params.At(min(i, params.Len()-1)); isText(p) {
			c.text(arg)
		}
	}
}

// keys does so for the columns of squirrel's maps, like Eq.
func (c *checker) keys(lit *ast.CompositeLit) {
	t := c.TypesInfo.TypeOf(lit)
	if _, isMap := t.Underlying().(*types.Map); !isMap || !isBuilder(t) {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			c.text(kv.Key)
		}
	}
}

func (c *checker) text(arg ast.Expr) {
	if bad := c.texts.nonConstant(arg, false, nil); bad != nil {
		c.refuseJoined(arg, bad)
	}
}

// callers refuses the same where a function of the package joins what it is
// given: at its calls.
func (c *checker) callers(files []*ast.File) {
	for known := -1; known < len(c.texts.joins); { // an argument may be the caller's own parameter
		known = len(c.texts.joins)
		for arg := range c.joinedArguments(files) {
			c.texts.nonConstant(arg, true, nil)
		}
	}
	for arg := range c.joinedArguments(files) {
		if bad := c.texts.nonConstant(arg, true, nil); bad != nil {
			c.refuseJoined(arg, bad)
		}
	}
}

// joinedArguments are those of the package's calls that end in texts.
func (c *checker) joinedArguments(files []*ast.File) iter.Seq[ast.Expr] {
	return func(yield func(ast.Expr) bool) {
		for cursor := range inspector.New(files).Root().Preorder((*ast.CallExpr)(nil)) {
			call := cursor.Node().(*ast.CallExpr)
			f := c.callee(call)
			if f == nil {
				continue
			}
			for i, arg := range call.Args {
				if p := paramAt(f.Origin(), i); c.texts.joins[p] && !yield(arg) {
					return
				}
			}
		}
	}
}

var limits = regexp.MustCompile(`(?i)\b(limit|offset|fetch)\b`)

func (c *checker) refuseJoined(whole, bad ast.Expr) {
	name := types.ExprString(bad)
	if limits.MatchString(c.texts.constants(whole)) {
		c.refuse(bad.Pos(), "LIMIT or OFFSET with %s joined into the text: use Suffix(\"LIMIT ?\", n)", name)
		return
	}
	const format = "a text joined with %s: hand it over as an argument, as in Where(\"a = ?\", p.A), or choose between constant texts"
	c.refuse(bad.Pos(), format, name)
}

// limit refuses squirrel's Limit and Offset, which write the number into the
// text, but with a constant.
func (c *checker) limit(at inspector.Cursor, sel *ast.SelectorExpr) {
	f, ok := c.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || !isSquirrel(f.Pkg()) || f.Name() != "Limit" && f.Name() != "Offset" {
		return
	}
	call, ok := at.Parent().Node().(*ast.CallExpr)
	if ok && call.Fun == sel && len(call.Args) == 1 && c.TypesInfo.Types[call.Args[0]].Value != nil {
		return
	}
	c.refuse(sel.Sel.Pos(), "%s writes the number into the text, one text a number: use Suffix(\"%s ?\", n)", f.Name(),
		map[string]string{"Limit": "LIMIT", "Offset": "OFFSET"}[f.Name()])
}

// isText reports whether a parameter of squirrel's is a text, or becomes one.
func isText(p *types.Var) bool {
	t := p.Type()
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Kind() == types.String
	}
	return slices.Contains([]string{"pred", "column", "parts", "what", "when", "then"}, p.Name())
}

// paramAt is a function's parameter for argument i, if there is one.
func paramAt(f *types.Func, i int) *types.Var {
	params := f.Signature().Params()
	switch {
	case i < params.Len():
		return params.At(i)
	case f.Signature().Variadic():
		return params.At(params.Len() - 1)
	}
	return nil
}

// constants are the literals that an expression is made of.
func (t *texts) constants(e ast.Expr) string {
	all := ""
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			all += n.Value
		case *ast.Ident:
			for _, from := range t.assigned[t.info.Uses[n]] {
				if lit, ok := from.(*ast.BasicLit); ok {
					all += lit.Value
				} else if join, ok := from.(*ast.BinaryExpr); ok {
					all += types.ExprString(join)
				}
			}
		}
		return true
	})
	return all
}
