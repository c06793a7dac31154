package doctest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// goPackages are the names that Go code declares.
type goPackages struct {
	// packages are those of the repository by their names: what each exports, and
	// the fields and methods of its types, as Type.Name.
	packages map[string]names
	// imported are the names by which other packages are imported, paths their paths
	// and those of the modules that go.mod files require.
	imported, paths names
	// members are the fields and methods of all types.
	members names
	// types are all types.
	types names
}

func parsePackages(t *testing.T) goPackages {
	t.Helper()
	p := goPackages{map[string]names{}, names{}, names{}, names{}, names{}}
	for _, name := range files(t) {
		if path.Base(name) == "go.mod" {
			p.paths.add(strings.Fields(read(t, name))...)
		}
		if path.Ext(name) != ".go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			continue // such as a test's file with a fault
		}
		p.add(file)
	}
	return p
}

func (p goPackages) add(file *ast.File) {
	name := strings.TrimSuffix(file.Name.Name, "_test")
	if p.packages[name] == nil {
		p.packages[name] = names{}
	}
	for _, each := range file.Imports {
		at, err := strconv.Unquote(each.Path.Value)
		if err != nil {
			continue
		}
		p.paths.add(at)
		if each.Name != nil {
			p.imported.add(each.Name.Name)
		} else {
			p.imported.add(path.Base(at), path.Base(path.Dir(at)))
		}
	}
	for _, each := range file.Decls {
		switch d := each.(type) {
		case *ast.FuncDecl:
			p.function(p.packages[name], d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				p.spec(p.packages[name], spec)
			}
		}
	}
}

func (p goPackages) function(declared names, d *ast.FuncDecl) {
	if d.Recv == nil {
		declared.add(d.Name.Name)
		return
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	switch generic := receiver.(type) {
	case *ast.IndexExpr:
		receiver = generic.X
	case *ast.IndexListExpr:
		receiver = generic.X
	}
	if of, ok := receiver.(*ast.Ident); ok {
		p.member(declared, of.Name, d.Name.Name)
	}
}

func (p goPackages) member(declared names, of, name string) {
	declared.add(of + "." + name)
	p.members.add(of + "." + name)
}

func (p goPackages) spec(declared names, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, each := range s.Names {
			declared.add(each.Name)
		}
	case *ast.TypeSpec:
		declared.add(s.Name.Name)
		p.types.add(s.Name.Name)
		var fields *ast.FieldList
		switch of := s.Type.(type) {
		case *ast.StructType:
			fields = of.Fields
		case *ast.InterfaceType:
			fields = of.Methods
		}
		if fields == nil {
			return
		}
		for _, field := range fields.List {
			for _, each := range field.Names {
				p.member(declared, s.Name.Name, each.Name)
			}
		}
	}
}

var goroot = sync.OnceValue(func() string {
	out, err := exec.Command("go", "env", "GOROOT").Output() //nolint:noctx // at once
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
})
