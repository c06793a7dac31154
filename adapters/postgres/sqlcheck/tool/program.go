package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// program is a main package that imports the service's packages and calls
// Inspect. An overlay of the go command holds it.
type program struct {
	*service
	own  []goPackage // the packages with the definitions
	rows []goPackage // other packages, with row types
}

// programOf is the program for the queries that the snapshots know.
func (s *service) programOf(ctx context.Context, snapshots snapshot.Folder) (*program, error) {
	p := &program{service: s}
	var err error
	if p.own, err = s.packages(ctx, s.Packages...); err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(rowPackages(snapshots.Queries), func(path string) bool {
		return slices.ContainsFunc(p.own, func(own goPackage) bool { return own.path == path })
	})
	if len(others) > 0 {
		p.rows, err = s.packages(ctx, others...)
	}
	return p, err
}

// ask runs the program with a question for Inspect. It leaves the assertions
// out that an earlier run wrote, so that they don't keep it from compiling.
func (p *program) ask(ctx context.Context, question ...string) (r report, err error) {
	scratch, err := os.MkdirTemp("", "sqlcheck-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(scratch)
	overlay, err := p.overlay(scratch)
	if err != nil {
		return r, err
	}
	run := []string{"run", "-buildvcs=false", "-ldflags=-s -w", "-overlay", overlay, "./" + mainFolder}
	out, err := p.goTool(ctx, append(run, question...)...)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return r, fmt.Errorf("the service's packages write to the standard output when they are initialized: %w", err)
	}
	if len(r.Faults) > 0 {
		return r, faultsError{p.findingsOf(r.Faults)}
	}
	if r.Error != "" {
		return r, errors.New(r.Error)
	}
	return r, nil
}

const mainFolder = "sqlcheck_main"

const mainText = `package main

import (
	"os"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
%s)

func main() { os.Exit(tool.Inspect(os.Args[1:])) }
`

// overlay writes the files that the go command is to see in place of those on
// the disk, and the list of them, whose path it returns.
func (p *program) overlay(scratch string) (string, error) {
	var imports strings.Builder
	for _, pkg := range p.own {
		fmt.Fprintf(&imports, "\t_ %q\n", pkg.path)
	}
	files := map[string]string{filepath.Join(p.dir, mainFolder, "main.go"): fmt.Sprintf(mainText, imports.String())}
	for _, pkg := range slices.Concat(p.own, p.rows) {
		if file := filepath.Join(pkg.dir, assertionsFile); exists(file) {
			files[file] = "package " + pkg.name + "\n"
		}
	}
	replace := map[string]string{}
	for name, text := range files {
		copied := filepath.Join(scratch, fmt.Sprintf("%d.go", len(replace)))
		replace[name] = copied
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(scratch, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// panicked is the message of a definition that panics as the program starts, or
// "" if the go command failed for another reason.
func panicked(e *toolError) string {
	for line := range strings.Lines(e.stderr) {
		if text, ok := strings.CutPrefix(line, "panic: "); ok {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// rowPackages are the import paths of the row types.
func rowPackages(queries map[string]snapshot.Query) []string {
	var paths []string
	for _, q := range queries {
		if q.Row.Type != "" && !slices.Contains(paths, q.Row.Package) {
			paths = append(paths, q.Row.Package)
		}
	}
	slices.Sort(paths)
	return paths
}
