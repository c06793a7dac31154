package tool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/vet"
)

// bypass is a finding of vet with what the baseline knows it by.
type bypass struct {
	Finding
	key string
}

// vet refuses SQL that is sent past sqlcheck, unless the baseline has it. It looks
// at the packages that the arguments name, or else at those of the configuration.
//
// It runs the analyzer itself: go vet would run it on every package that those
// import, the standard library's included, and that takes a minute.
func (o options) vet(ctx context.Context, patterns []string) error {
	s, err := o.vetted(patterns)
	if err != nil {
		return err
	}
	dir, all := ".", len(patterns) == 0
	if all {
		dir, patterns = s.dir, s.Vet
		if len(patterns) == 0 {
			patterns = s.Packages
		}
	}
	found, err := s.bypasses(ctx, dir, patterns)
	if err != nil {
		return err
	}
	if o.accept {
		if !all {
			return errors.New("vet -accept writes the baseline of all packages of " + configFile + ": name none")
		}
		return s.writeBaseline(found)
	}
	fresh, stale, err := s.compareBaseline(found)
	if err != nil {
		return err
	}
	if all {
		for _, f := range stale {
			if _, err := fmt.Fprintln(o.printer.errs, f); err != nil {
				return err
			}
		}
	}
	return o.printer.print(fresh)
}

// vetted is the service whose configuration holds for vet. Named packages need none.
func (o options) vetted(patterns []string) (*service, error) {
	s, err := newService(cmp.Or(o.config, "."), o)
	if err != nil {
		return nil, err
	}
	err = s.configure()
	switch none := errors.Is(err, fs.ErrNotExist); {
	case none && o.config == "" && len(patterns) > 0:
		return s, nil
	case none:
		return nil, fmt.Errorf("%w: name the folder that holds it with -config, or name packages", err)
	}
	return s, err
}

// bypasses are the diagnostics of packages, by place.
func (s *service) bypasses(ctx context.Context, dir string, patterns []string) ([]bypass, error) {
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir, Tests: s.tests, BuildFlags: []string{"-tags=" + s.tags},
	}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", strings.Join(patterns, " "), err)
	}
	for _, pkg := range loaded {
		for _, wrong := range pkg.Errors {
			return nil, fmt.Errorf("%s doesn't compile: %w", pkg.PkgPath, wrong)
		}
	}
	// With tests, the go command lists their main packages, too.
	loaded = slices.DeleteFunc(loaded, func(pkg *packages.Package) bool { return strings.HasSuffix(pkg.ID, ".test") })
	for name, value := range map[string]bool{"tests": s.tests, "sealed": s.Sealed} {
		if err := vet.Analyzer.Flags.Set(name, strconv.FormatBool(value)); err != nil {
			return nil, err
		}
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{vet.Analyzer}, loaded, nil)
	if err != nil {
		return nil, err
	}
	var all []bypass
	for _, action := range graph.Roots {
		if action.Err != nil {
			return nil, action.Err
		}
		for _, d := range action.Diagnostics {
			// A package and the one of its tests have files in common.
			if b := s.bypass(action.Package, d); !slices.Contains(all, b) {
				all = append(all, b)
			}
		}
	}
	slices.SortFunc(all, func(a, b bypass) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return all, nil
}

func (s *service) bypass(pkg *packages.Package, d analysis.Diagnostic) bypass {
	at := pkg.Fset.Position(d.Pos)
	problem, fix, _ := strings.Cut(d.Message, ": ")
	b := bypass{Finding: Finding{File: shown(at.Filename), Line: at.Line, Column: at.Column, Problem: problem, Fix: fix}}
	file, err := filepath.Rel(s.dir, at.Filename)
	if err != nil {
		file = at.Filename
	}
	b.key = filepath.ToSlash(file) + ": " + functionAt(pkg, d.Pos) + problem
	return b
}

// functionAt is the function around a place, with its receiver, as in
// "Orders.List: ", or "" outside of functions.
func functionAt(pkg *packages.Package, pos token.Pos) string {
	for _, file := range pkg.Syntax {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || pos < f.Pos() || pos >= f.End() {
				continue
			}
			name := f.Name.Name + ": "
			if f.Recv == nil || len(f.Recv.List) == 0 {
				return name
			}
			of := f.Recv.List[0].Type
			if p, pointer := of.(*ast.StarExpr); pointer {
				of = p.X
			}
			if id, plain := of.(*ast.Ident); plain {
				return id.Name + "." + name
			}
			return name
		}
	}
	return ""
}
