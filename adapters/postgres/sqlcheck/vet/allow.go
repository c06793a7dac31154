package vet

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// allowance is a directive: a reason to let some lines of a file be.
type allowance struct {
	pos         token.Pos
	first, last int // lines
	used        bool
}

// allowances are a package's, by file.
type allowances map[string][]*allowance

var directive = regexp.MustCompile(`^//\s*sqlcheck:(\w*)\s*(.*)`)

// read finds the directives of a file. One without a reason is an error and
// allows nothing.
func (all allowances) read(pass *analysis.Pass, file *ast.File) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			m := directive.FindStringSubmatch(comment.Text)
			if m == nil {
				continue
			}
			reason, _, _ := strings.Cut(m[2], "//")
			switch {
			case m[1] != "allow" || !strings.HasPrefix(comment.Text, "//sqlcheck:"):
				pass.Reportf(comment.Pos(), "not a directive of sqlcheck: write //sqlcheck:allow and a reason")
			case strings.TrimSpace(reason) == "":
				pass.Reportf(comment.Pos(), "//sqlcheck:allow without a reason: say why this has to go past sqlcheck")
			default:
				name := pass.Fset.Position(comment.Pos()).Filename
				all[name] = append(all[name], scope(pass.Fset, file, group, comment))
			}
		}
	}
}

// scope says which lines a directive is about.
func scope(fset *token.FileSet, file *ast.File, group *ast.CommentGroup, comment *ast.Comment) *allowance {
	line := func(p token.Pos) int { return fset.Position(p).Line }
	a := &allowance{pos: comment.Pos(), first: line(comment.Pos()), last: line(group.End()) + 1}
	if group.Pos() < file.Package {
		a.last = line(file.FileEnd)
		return a
	}
	for _, d := range file.Decls {
		var doc *ast.CommentGroup
		switch d := d.(type) {
		case *ast.FuncDecl:
			doc = d.Doc
		case *ast.GenDecl:
			doc = d.Doc
		}
		if doc == group {
			a.last = line(d.End())
			return a
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if n != nil && line(n.Pos()) == a.first && n.End() <= comment.Pos() { // code before it on its line
				a.last = a.first
			}
			return true
		})
	}
	return a
}

func (all allowances) covers(at token.Position) bool {
	covered := false
	for _, a := range all[at.Filename] {
		if a.first <= at.Line && at.Line <= a.last {
			a.used, covered = true, true
		}
	}
	return covered
}

// unused reports the directives that nothing needs, so that none outlives its
// reason.
func (all allowances) unused(pass *analysis.Pass) {
	for _, file := range all {
		for _, a := range file {
			if !a.used {
				pass.Reportf(a.pos, "//sqlcheck:allow allows nothing: remove it, or move it to the line that needs it")
			}
		}
	}
}
