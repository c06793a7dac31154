package vet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// texts finds where the strings of a package come from.
type texts struct {
	info     *types.Info
	pkg      *types.Package
	assigned map[types.Object][]ast.Expr // what local variables are given
	extended map[types.Object]bool       // by += or in a loop
	results  map[*types.Func][]ast.Expr  // what functions return
	params   map[*types.Var]bool         // of the package's functions
	joins    map[*types.Var]bool         // those of params that are joined into a text
}

func textsOf(pass *analysis.Pass, files []*ast.File) *texts {
	t := &texts{
		pass.TypesInfo, pass.Pkg,
		map[types.Object][]ast.Expr{},
		map[types.Object]bool{},
		map[*types.Func][]ast.Expr{},
		map[*types.Var]bool{},
		map[*types.Var]bool{},
	}
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				t.function(f)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			t.assignment(n)
			return true
		})
	}
	return t
}

func (t *texts) function(decl *ast.FuncDecl) {
	f, ok := t.info.Defs[decl.Name].(*types.Func)
	if !ok {
		return
	}
	t.results[f] = returned(decl.Body)
	for p := range f.Signature().Params().Variables() {
		t.params[p] = true
	}
}

// returned lists what a function returns, without those within it.
func returned(body *ast.BlockStmt) (results []ast.Expr) {
	ast.Inspect(body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			results = append(results, r.Results...)
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
	return results
}

func (t *texts) assignment(n ast.Node) {
	give := func(to, from ast.Expr, extend bool) {
		id, ok := to.(*ast.Ident)
		if !ok {
			return
		}
		o := t.info.ObjectOf(id)
		t.assigned[o] = append(t.assigned[o], from)
		t.extended[o] = t.extended[o] || extend
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			give(to, n.Rhs[min(i, len(n.Rhs)-1)], n.Tok == token.ADD_ASSIGN)
		}
	case *ast.ValueSpec:
		for i, to := range n.Names {
			if len(n.Values) > 0 {
				give(to, n.Values[min(i, len(n.Values)-1)], false)
			}
		}
	case *ast.RangeStmt:
		give(n.Value, n.X, true)
	}
}

// nonConstant is what keeps a text from being joined of constants alone, nil if
// nothing does. A text that is not joined but chosen is New's business: only
// within a join (joined) must all be constant. A parameter of a function is
// noted, and looked at where the function is called.
func (t *texts) nonConstant(e ast.Expr, joined bool, seen []ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	for _, s := range seen {
		if s == e {
			return nil
		}
	}
	seen = append(seen, e)
	if v := t.info.Types[e]; v.Value != nil || v.IsNil() || v.IsType() {
		return nil
	}
	switch n := e.(type) {
	case *ast.BinaryExpr:
		return t.first(true, seen, n.X, n.Y)
	case *ast.CompositeLit:
		return t.first(joined, seen, n.Elts...)
	case *ast.KeyValueExpr:
		return t.nonConstant(n.Value, joined, seen)
	case *ast.IndexExpr:
		return t.nonConstant(n.X, joined, seen)
	case *ast.SliceExpr:
		return t.nonConstant(n.X, joined, seen)
	case *ast.Ident:
		return t.variable(n, joined, seen)
	case *ast.CallExpr:
		return t.call(n, joined, seen)
	case *ast.SelectorExpr:
		if id, ok := n.X.(*ast.Ident); ok {
			if _, isPackage := t.info.Uses[id].(*types.PkgName); isPackage || t.global(t.info.Uses[id]) {
				return nil
			}
		}
	}
	if joined {
		return e
	}
	return nil
}

func (t *texts) first(joined bool, seen []ast.Expr, es ...ast.Expr) ast.Expr {
	for _, e := range es {
		if bad := t.nonConstant(e, joined, seen); bad != nil {
			return bad
		}
	}
	return nil
}

// global reports whether something is set before the program serves.
func (t *texts) global(o types.Object) bool {
	return o != nil && o.Pkg() != nil && o.Parent() == o.Pkg().Scope()
}

func (t *texts) variable(id *ast.Ident, joined bool, seen []ast.Expr) ast.Expr {
	v, ok := t.info.Uses[id].(*types.Var)
	switch {
	case !ok || t.global(v):
		return nil
	case len(t.assigned[v]) > 0:
		return t.first(joined || t.extended[v], seen, t.assigned[v]...)
	case !joined:
		return nil
	case t.params[v]:
		t.joins[v] = true
		return nil
	}
	return id
}

// call looks into functions of the package, and knows those of the standard
// library that join.
func (t *texts) call(call *ast.CallExpr, joined bool, seen []ast.Expr) ast.Expr {
	f := calleeOf(t.info, call)
	switch {
	case f == nil: // a conversion, append, a function in a variable
		if t.info.Types[call.Fun].IsType() || t.info.Types[call.Fun].IsBuiltin() {
			return t.first(joined, seen, call.Args...)
		}
	case f.Pkg() == t.pkg:
		return t.own(f.Origin(), call, joined, seen)
	case f.Pkg() == nil || isSquirrel(f.Pkg()):
		return nil
	case f.Name() == "String" && f.Signature().Recv() != nil && (f.Pkg().Path() == "strings" || f.Pkg().Path() == "bytes"):
		return call
	case f.Pkg().Path() == "fmt" || f.Pkg().Path() == "strings" || f.Pkg().Path() == "strconv":
		return t.first(true, seen, call.Args...)
	}
	if !joined {
		return nil
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok && f != nil && f.Signature().Recv() != nil {
		if bad := t.nonConstant(sel.X, true, seen); bad != nil {
			return bad
		}
	}
	return t.first(true, seen, call.Args...)
}

// own follows a function of the package to what it returns, and from the
// parameters that this joins to the arguments.
func (t *texts) own(f *types.Func, call *ast.CallExpr, joined bool, seen []ast.Expr) ast.Expr {
	if bad := t.first(joined, seen, t.results[f]...); bad != nil {
		return bad
	}
	for i, arg := range call.Args {
		if p := paramAt(f, i); p != nil && t.joins[p] {
			if bad := t.nonConstant(arg, true, seen); bad != nil {
				return bad
			}
		}
	}
	return nil
}
