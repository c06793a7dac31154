package tool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

// configFile configures a service.
const configFile = "sqlcheck.json"

// service is a program whose queries are checked.
type service struct {
	options
	settings
	dir      string    // absolute
	progress io.Writer // of what takes long; nil for none
}

// settings are what the configuration says.
type settings struct {
	Migrations string   `json:"migrations"`
	Migrate    []string `json:"migrate"`  // the command that applies them, if no kind that is known
	Versions   string   `json:"versions"` // goose's table, if it is part of the schema
	Packages   []string `json:"packages"`
	Snapshots  string   `json:"snapshots"`
	Fill       []string `json:"fill"` // the command that fills a database for plans
	// Unused are the purposes of columns and indexes that no query uses, by
	// schema.table.column and schema.index.
	Unused map[string]string `json:"unused"`
	// Vet are the packages that vet looks at, if not Packages.
	Vet []string `json:"vet"`
	// Sealed has vet refuse to mix checked queries with other SQL.
	Sealed bool `json:"sealed"`
}

// openService is the service of a folder with a configuration.
func openService(dir string, o options) (*service, error) {
	s, err := newService(dir, o)
	if err != nil {
		return nil, err
	}
	if err := s.configure(); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(`%w: write {"migrations": "the/folder"} to it, or name the folder that holds it`, err)
	} else if err != nil {
		return nil, err
	}
	if s.Migrations == "" {
		return nil, fmt.Errorf(`%s: "migrations" names no folder`, s.path(configFile))
	}
	return s, nil
}

func newService(dir string, o options) (*service, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	// The paths of definitions are the compiler's, without symbolic links.
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	return &service{options: o, dir: dir, settings: settings{Packages: []string{"."}, Snapshots: "snapshots"}}, nil
}

// configure reads the configuration.
func (s *service) configure() error {
	text, err := os.ReadFile(s.path(configFile))
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s.settings); err != nil {
		return fmt.Errorf("%s: %w", s.path(configFile), err)
	}
	return nil
}

// path is the absolute path of what is relative to the service's folder.
func (s *service) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

// shown is a path as a person, or an editor, in the working folder says it.
func shown(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return path
	}
	relative, err := filepath.Rel(wd, path)
	if err != nil || strings.HasPrefix(relative, "../../..") {
		return path
	}
	return relative
}

func (s *service) migration(file string) string {
	path := s.path(s.Migrations)
	if filepath.Base(path) == file { // a dump
		return shown(path)
	}
	return shown(filepath.Join(path, file))
}

// source is where the schema comes from.
func (s *service) source() schema.Source {
	return schema.Source{Path: shown(s.path(s.Migrations)), Versions: s.Versions, Command: s.Migrate, Dir: s.dir}
}

// assertionsFile is the generated file in a package of row types.
const assertionsFile = "sqlcheck_gen.go"

// goPackage is a package of Go.
type goPackage struct{ path, name, dir string }

// packages finds packages by pattern or import path.
func (s *service) packages(ctx context.Context, patterns ...string) ([]goPackage, error) {
	out, err := s.goTool(ctx, append([]string{"list", "-e", "-find", "-f", "{{.ImportPath}}\t{{.Name}}\t{{.Dir}}"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var all []goPackage
	for line := range strings.Lines(string(out)) {
		if parts := strings.Split(strings.TrimSpace(line), "\t"); len(parts) == 3 {
			all = append(all, goPackage{parts[0], parts[1], parts[2]})
		}
	}
	return all, nil
}

// toolError is a go command that failed.
type toolError struct {
	command string
	stderr  string
}

func (e *toolError) Error() string {
	return fmt.Sprintf("%s:\n%s", e.command, strings.TrimSpace(e.stderr))
}

func (s *service) goTool(ctx context.Context, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = s.dir
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if s.progress != nil {
		c.Stderr = io.MultiWriter(&errs, s.progress)
	}
	if err := c.Run(); err != nil {
		if errs.Len() == 0 {
			return nil, fmt.Errorf("go %s: %w", args[0], err)
		}
		return nil, &toolError{"go " + args[0], errs.String()}
	}
	return out.Bytes(), nil
}
