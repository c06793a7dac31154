// Package archtest keeps the hexagon: domain <- ports <- app <- adapters <- cmd,
// where an arrow is the only allowed direction of an import. It reads the
// import lines of every Go file, whatever its build tags, and knows nothing
// else of the code.
package archtest

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Violation is one import, file or folder that is where it must not be.
type Violation struct {
	// File is the path in the tree, Line the import's line, 0 for a whole file.
	File string
	Line int
	// Import is the path imported; empty where the file itself is misplaced.
	Import string
	// Rule is what does not hold, Fix what to do about it.
	Rule, Fix string
}

// String returns the violation as one line for a person.
func (v Violation) String() string {
	at := v.File
	if v.Line > 0 {
		at += ":" + strconv.Itoa(v.Line)
	}
	if v.Import == "" {
		return fmt.Sprintf("%s: %s; fix: %s", at, v.Rule, v.Fix)
	}
	return fmt.Sprintf("%s: imports %q, but %s; fix: %s", at, v.Import, v.Rule, v.Fix)
}

// Check returns what breaks the rules in the tree of the main module, by file
// and line. The error is that of reading it.
func Check(tree fs.FS) ([]Violation, error) {
	module, err := moduleOf(tree)
	if err != nil {
		return nil, err
	}
	found, err := misplaced(tree)
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && foreign(tree, name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		imports, err := importsOf(tree, module, name)
		for _, each := range imports {
			found = append(found, each.check()...)
		}
		return err
	})
	slices.SortStableFunc(found, func(a, b Violation) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return found, err
}

// foreign reports whether a folder holds no code of the main module.
func foreign(tree fs.FS, name string) bool {
	if name == "." {
		return false
	}
	base := path.Base(name)
	if base == "testdata" || base == "bin" || base[0] == '.' || base[0] == '_' {
		return true
	}
	_, err := fs.Stat(tree, path.Join(name, "go.mod"))
	return err == nil
}

func moduleOf(tree fs.FS) (string, error) {
	text, err := fs.ReadFile(tree, "go.mod")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(name), nil
		}
	}
	return "", fmt.Errorf("go.mod has no module line")
}

func importsOf(tree fs.FS, module, name string) ([]use, error) {
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var uses []use
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		uses = append(uses, newUse(module, name, target, positions.Position(spec.Pos()).Line))
	}
	return uses, nil
}
