// Package vet finds, while the program is vetted, statements that reach
// PostgreSQL past sqlcheck. It refuses
//
//   - sending by pgx, pgxpool, pgconn or database/sql: calls, method values,
//     queued batches, COPY, embedded connections, interfaces that declare the
//     same methods, transactions with a text of their own to begin with, and a
//     connection that is handed to another module's function;
//   - other libraries that talk SQL, and squirrel's own ways to make a text or
//     run it: ToSql, RunWith, Exec, …, and a builder that is handed to another
//     module's function;
//   - builders in a function that serves: squirrel is for package-level
//     variables and for functions that return what they build;
//   - sqlcheck.New and NewCopy but for package-level variables;
//   - texts joined from anything but constants, and LIMIT or OFFSET written
//     into the text.
//
// A function may take texts as strings and join them, as long as its callers
// in the package hand constants over: which text a choice of constants gives,
// New sees to.
//
// What has to talk to PostgreSQL directly, like a runner of migrations, says so
// and why:
//
//	//sqlcheck:allow goose applies the migrations
//
// on the line or the line above, in the comment of a function or declaration,
// or above the package clause for a file. A directive without a reason, or
// one that allows nothing, is refused. Test files are left alone unless the
// flag tests is set, which go vet calls -sqlcheck.tests. With the flag sealed,
// sqlcheck.On, Tx.Unwrap and Query.SQL are refused, by which checked queries
// share connections with other SQL.
//
// sqlcheck itself and the packages below it are exempt: they are the way.
package vet

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// Analyzer is the check, for unitchecker, multichecker or an editor.
var Analyzer = analyzer()

func analyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name: "sqlcheck",
		Doc:  "sqlcheck: refuse SQL that is not sent by a query registered with sqlcheck",
	}
	tests := a.Flags.Bool("tests", false, "look into test files, too")
	sealed := a.Flags.Bool("sealed", false, "refuse On, Tx.Unwrap and Query.SQL")
	a.Run = func(pass *analysis.Pass) (any, error) {
		check(pass, *tests, *sealed)
		return nil, nil
	}
	return a
}

const (
	gateway  = "github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	squirrel = "github.com/Masterminds/squirrel"
)

// checker looks at one package.
type checker struct {
	*analysis.Pass
	sealed   bool // checked queries don't mix with other SQL
	allowed  allowances
	texts    *texts
	reported map[ast.Node]bool // functions whose builders were refused once
}

func check(pass *analysis.Pass, tests, sealed bool) {
	if within(pass.Pkg.Path(), gateway) {
		return
	}
	var files []*ast.File
	for _, f := range pass.Files {
		if tests || !strings.HasSuffix(pass.Fset.Position(f.FileStart).Filename, "_test.go") {
			files = append(files, f)
		}
	}
	c := &checker{Pass: pass, sealed: sealed, allowed: allowances{}, reported: map[ast.Node]bool{}}
	for _, f := range files {
		c.allowed.read(pass, f)
	}
	c.texts = textsOf(pass, files)
	for cursor := range inspector.New(files).Root().Preorder() {
		c.node(cursor)
	}
	c.callers(files)
	c.allowed.unused(pass)
}

func (c *checker) node(at inspector.Cursor) {
	switch n := at.Node().(type) {
	case *ast.ImportSpec:
		c.library(n)
	case *ast.Ident:
		c.send(n)
		c.builderUse(at, n)
	case *ast.InterfaceType:
		c.redeclared(n)
	case *ast.KeyValueExpr:
		c.field(n.Key)
	case *ast.AssignStmt:
		for _, to := range n.Lhs {
			c.field(to)
		}
	case *ast.CompositeLit:
		c.builder(at, n)
		c.keys(n)
	case *ast.CallExpr:
		c.handed(n)
		c.builder(at, n)
		c.defined(at, n)
		c.joined(n)
	case *ast.SelectorExpr:
		c.limit(at, n)
	}
}

// refuse reports unless a directive allows it.
func (c *checker) refuse(pos token.Pos, format string, args ...any) {
	if !c.allowed.covers(c.Fset.Position(pos)) {
		c.Reportf(pos, format, args...)
	}
}

// within reports whether a package is at a path or below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}
