package vet

import (
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// sends are the functions of the drivers that send a text, by name.
var sends = []string{
	"CopyFrom", "CopyTo", "Exec", "ExecBatch", "ExecContext", "ExecParams", "ExecPrepared", "ExecStatement",
	"Prepare", "PrepareContext", "Query", "QueryContext", "QueryRow", "QueryRowContext", "Queue", "Raw",
	"SendBatch", "SendPrepare", "SendQuery", "SendQueryParams", "SendQueryPrepared", "SendQueryStatement",
}

// runs are the functions of squirrel that make a text or send it.
var runs = []string{
	"DebugSqlizer", "Exec", "ExecContext", "ExecContextWith", "ExecWith", "MustSql", "NewStmtCache", "NewStmtCacheProxy",
	"NewStmtCacher", "Prepare", "PrepareContext", "Query", "QueryContext", "QueryContextWith", "QueryRow", "QueryRowContext",
	"QueryRowContextWith", "QueryRowWith", "QueryWith", "RunWith", "Scan", "ScanContext", "ToSql", "WrapStdSql", "WrapStdSqlCtx",
}

// libraries send SQL by ways that are not looked into.
var libraries = []string{
	"entgo.io/ent", "github.com/go-pg/pg", "github.com/jackc/pgx", "github.com/jmoiron/sqlx", "github.com/lib/pq",
	"github.com/uptrace/bun", "gorm.io/gorm", "xorm.io/xorm",
}

// answers are what drivers give for a text.
var answers = []string{
	"BatchResults", "CommandTag", "MultiResultReader", "QueuedQuery", "Result", "ResultReader", "Row", "Rows",
	"StatementDescription", "Stmt",
}

// connections can send; so can what embeds them.
var connections = []string{"Conn", "DB", "PgConn", "Pipeline", "Pool", "Stmt", "Tx"}

// isDriver reports whether a package is of pgx or database/sql.
func isDriver(p *types.Package) bool {
	return p != nil && (within(p.Path(), "github.com/jackc/pgx/v5") || within(p.Path(), "database/sql"))
}

func isSquirrel(p *types.Package) bool { return p != nil && within(p.Path(), squirrel) }

// library refuses the import of another way to talk SQL.
func (c *checker) library(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil || within(path, "github.com/jackc/pgx/v5") {
		return
	}
	for _, l := range libraries {
		if within(path, l) {
			c.refuse(spec.Pos(), "%s sends SQL past sqlcheck: define the statements with sqlcheck.New", path)
		}
	}
}

// send refuses every mention of a function that sends, be it called or kept.
func (c *checker) send(id *ast.Ident) {
	f, ok := c.TypesInfo.Uses[id].(*types.Func)
	if !ok {
		return
	}
	f = f.Origin()
	sig := f.Signature()
	switch {
	case isSquirrel(f.Pkg()) && slices.Contains(runs, f.Name()), isRender(f.Name(), sig):
		c.refuse(id.Pos(), "%s makes or runs a statement past sqlcheck: return the builder from a definition's Build", title(f))
	case isDriver(f.Pkg()) && sig.Recv() != nil && slices.Contains(sends, f.Name()), isSend(sig):
		c.refuse(id.Pos(), "%s sends SQL past sqlcheck: define the statement with sqlcheck.New and run that", title(f))
	case c.sealed && isOpening(f):
		c.refuse(id.Pos(), "%s mixes checked queries with other SQL, and \"sealed\" in sqlcheck.json forbids that: take a sqlcheck.DB", title(f))
	}
}

// isOpening recognises what lets checked queries and other SQL share a connection.
func isOpening(f *types.Func) bool {
	if f.Pkg() == nil || f.Pkg().Path() != gateway {
		return false
	}
	if f.Signature().Recv() == nil {
		return f.Name() == "On"
	}
	return f.Name() == "Unwrap" || f.Name() == "SQL"
}

// title names a function as programs do, like (*pgxpool.Pool).Query.
func title(f *types.Func) string {
	short := func(p *types.Package) string { return p.Name() }
	if recv := f.Signature().Recv(); recv != nil {
		return "(" + types.TypeString(recv.Type(), short) + ")." + f.Name()
	}
	return f.Pkg().Name() + "." + f.Name()
}

// isRender recognises squirrel's method whichever type or interface has it.
func isRender(name string, sig *types.Signature) bool {
	return name == "ToSql" && sig.Params().Len() == 0 && sig.Results().Len() == 3
}

// isSend recognises a function that takes a text and gives a driver's answer,
// or takes what only a driver takes.
func isSend(sig *types.Signature) bool {
	text, answer := false, false
	for p := range sig.Params().Variables() {
		if types.Identical(p.Type().Underlying(), types.Typ[types.String]) || driverType(p.Type(), "Batch") {
			text = true
		}
		if driverType(p.Type(), "CopyFromSource") {
			return true
		}
	}
	for r := range sig.Results().Variables() {
		answer = answer || driverType(r.Type(), answers...)
	}
	return text && answer
}

func driverType(t types.Type, names ...string) bool {
	n, ok := named(t)
	return ok && isDriver(n.Obj().Pkg()) && slices.Contains(names, n.Obj().Name())
}

// named is the named type of a value or of what it points to.
func named(t types.Type) (*types.Named, bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return n, ok
}

// redeclared refuses an interface that a connection would satisfy.
func (c *checker) redeclared(n *ast.InterfaceType) {
	for _, m := range n.Methods.List {
		for _, name := range m.Names {
			f, ok := c.TypesInfo.Defs[name].(*types.Func)
			switch {
			case !ok:
			case isSend(f.Signature()):
				c.refuse(name.Pos(), "an interface with %s is another way to send SQL: take a sqlcheck.DB", name.Name)
			case isRender(f.Name(), f.Signature()):
				c.refuse(name.Pos(), "an interface with %s is another way to make a statement: take a squirrel type", name.Name)
			}
		}
	}
}

// fields of drivers' types that hold a text to send.
var fields = []string{"BeginQuery", "CommitQuery", "QueuedQueries", "SQL"}

// field refuses to set one of them.
func (c *checker) field(e ast.Expr) {
	if s, ok := e.(*ast.SelectorExpr); ok {
		e = s.Sel
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return
	}
	v, ok := c.TypesInfo.Uses[id].(*types.Var)
	if ok && v.IsField() && isDriver(v.Pkg()) && slices.Contains(fields, v.Name()) {
		c.refuse(id.Pos(), "%s is a text that is sent past sqlcheck: define the statement with sqlcheck.New", v.Name())
	}
}

// handed refuses to lend a connection or a builder to code that is not looked
// into.
func (c *checker) handed(call *ast.CallExpr) {
	f := c.callee(call)
	if f == nil || !c.foreign(f.Pkg()) {
		return
	}
	for _, arg := range call.Args {
		switch t := c.TypesInfo.TypeOf(arg); {
		case isConnection(t):
			c.refuse(arg.Pos(), "%s gets a connection, by which it can send SQL past sqlcheck: hand it to sqlcheck.Pool only", title(f))
		case isBuilder(t):
			c.refuse(arg.Pos(), "%s gets a builder, of which it can make a statement past sqlcheck: return it from a definition's Build", title(f))
		}
	}
}

// foreign reports whether a package is neither vetted with this one nor known to
// be harmless. Of the standard library reflect and fmt can look into values.
func (c *checker) foreign(p *types.Package) bool {
	if p == nil || p == c.Pkg || isDriver(p) || isSquirrel(p) || within(p.Path(), gateway) {
		return false
	}
	if c.Module != nil && c.Module.Path != "" && within(p.Path(), c.Module.Path) {
		return false
	}
	first, _, _ := strings.Cut(p.Path(), "/")
	return strings.Contains(first, ".") || first == "reflect" || first == "fmt"
}

func isConnection(t types.Type) bool {
	if t == nil {
		return false
	}
	if driverType(t, connections...) {
		return true
	}
	for m := range types.NewMethodSet(t).Methods() {
		if f, ok := m.Obj().(*types.Func); ok && isSend(f.Signature()) {
			return true
		}
	}
	return false
}

// callee is the function that a call names, nil for one that a value holds.
func (c *checker) callee(call *ast.CallExpr) *types.Func { return calleeOf(c.TypesInfo, call) }

func calleeOf(info *types.Info, call *ast.CallExpr) *types.Func {
	e := ast.Unparen(call.Fun)
	switch i := e.(type) {
	case *ast.IndexExpr:
		e = i.X
	case *ast.IndexListExpr:
		e = i.X
	}
	switch i := e.(type) {
	case *ast.Ident:
		f, _ := info.Uses[i].(*types.Func)
		return f
	case *ast.SelectorExpr:
		f, _ := info.Uses[i.Sel].(*types.Func)
		return f
	}
	return nil
}
