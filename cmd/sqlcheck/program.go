package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
)

// program runs the service's definitions, through a main package that is on no
// disk: an overlay of the go command holds it.
type program struct {
	*service
	packages []goPackage // those of the service, and those of its row types
	mainText string      // "": that of the tool
}

// ask runs the program: on a database the queries are judged. The assertions
// that an earlier run wrote are left out: what prepare wrote is no obstacle to
// it.
func (p *program) ask(ctx context.Context, args ...string) (report tool.Report, err error) {
	if err := p.run(ctx, &report, args...); err != nil {
		return report, err
	}
	if report.Error != "" {
		return report, errors.New(report.Error)
	}
	return report, nil
}

// run runs the program and decodes what it writes.
func (p *program) run(ctx context.Context, report any, args ...string) error {
	scratch, err := os.MkdirTemp("", "sqlcheck-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	overlay, err := p.overlay(scratch)
	if err != nil {
		return err
	}
	out, err := p.goTool(ctx, append([]string{"run", "-buildvcs=false", "-overlay", overlay, "./" + mainFolder}, args...)...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, report); err != nil {
		return fmt.Errorf("the service's packages write to the standard output when they are initialized: %w", err)
	}
	return nil
}

const mainFolder = "sqlcheck_main"

const mainText = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
%s)

func main() {
	if err := tool.Main(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`

// overlay writes the files that the go command is to see in place of those on
// the disk, and the list of them, whose path it returns.
func (p *program) overlay(scratch string) (string, error) {
	own, err := p.service.packages(context.Background(), p.Packages...)
	if err != nil {
		return "", err
	}
	var imports strings.Builder
	for _, pkg := range own {
		fmt.Fprintf(&imports, "\t_ %q\n", pkg.path)
	}
	files := map[string]string{filepath.Join(p.dir, mainFolder, "main.go"): fmt.Sprintf(cmp.Or(p.mainText, mainText), imports.String())}
	for _, pkg := range slices.Concat(own, p.packages) {
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

// panicked is what a definition that is wrong says as the program starts.
func panicked(e *toolError) string {
	for line := range strings.Lines(e.stderr) {
		if text, ok := strings.CutPrefix(line, "panic: "); ok {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// rowPackages are the import paths of the locks' row types.
func rowPackages(queries map[string]lock.Query) []string {
	var paths []string
	for _, q := range queries {
		if q.Row.Type != "" && !slices.Contains(paths, q.Row.Package) {
			paths = append(paths, q.Row.Package)
		}
	}
	slices.Sort(paths)
	return paths
}
