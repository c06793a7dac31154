package sqlcheck_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exportedFile lists the names that services may use, one a line.
const exportedFile = "testdata/exported.txt"

func TestTheExportedNamesAreThoseOfTheList(t *testing.T) {
	text, err := os.ReadFile(exportedFile)
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Fields(string(text))
	var exported []string
	for _, folder := range []string{".", "tool", "vet"} {
		exported = append(exported, exportedNames(t, folder)...)
	}
	for _, name := range exported {
		if !slices.Contains(listed, name) {
			t.Errorf("%s is exported and not in %s: unexport it or move it to internal/; if services need it, add the line", name, exportedFile)
		}
	}
	for _, name := range listed {
		if !slices.Contains(exported, name) {
			t.Errorf("%s is in %s and not exported: services that use it break; remove the line if that is meant", name, exportedFile)
		}
	}
	if !slices.IsSorted(listed) {
		t.Errorf("%s is not sorted", exportedFile)
	}
}

func TestOnlyTheListedPackagesCanBeImported(t *testing.T) {
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := path.Base(name); entry.IsDir() && (base == "internal" || base == "testdata") {
			return fs.SkipDir
		}
		folder := path.Dir(filepath.ToSlash(name))
		if path.Ext(name) == ".go" && !slices.Contains([]string{".", "tool", "vet"}, folder) {
			t.Errorf("services can import the package of %s: move it to internal/", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// exportedNames are the exported names of a package: of functions, types, their
// methods and fields, constants and variables, like "sqlcheck.Tx".
func exportedNames(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			for _, name := range declared(declaration) {
				if !slices.ContainsFunc(strings.Split(name, "."), func(part string) bool { return !token.IsExported(part) }) {
					names = append(names, parsed.Name.Name+"."+name)
				}
			}
		}
	}
	return names
}

// declared are the names of a declaration, with those of fields and methods.
func declared(declaration ast.Decl) (names []string) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		return []string{receiver(d) + d.Name.Name}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range s.Names {
					names = append(names, name.Name)
				}
			case *ast.TypeSpec:
				names = append(append(names, s.Name.Name), members(s)...)
			}
		}
	}
	return names
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	for {
		switch e := of.(type) {
		case *ast.StarExpr:
			of = e.X
		case *ast.IndexExpr:
			of = e.X
		case *ast.IndexListExpr:
			of = e.X
		case *ast.Ident:
			return e.Name + "."
		default:
			return "unknown."
		}
	}
}

// members are the fields of a struct and the methods of an interface.
func members(s *ast.TypeSpec) (names []string) {
	var list []*ast.Field
	switch t := s.Type.(type) {
	case *ast.StructType:
		list = t.Fields.List
	case *ast.InterfaceType:
		list = t.Methods.List
	}
	for _, f := range list {
		for _, name := range f.Names {
			names = append(names, s.Name.Name+"."+name.Name)
		}
	}
	return names
}
