package archtest

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// topLevel is all that the repository's first page shows, beside dot-files.
var topLevel = []string{
	"domain", "ports", "adapters", "app", "cmd", "migrations", "docs", "internal",
	"go.mod", "go.sum", "Makefile", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile",
}

// vague are folder names that do not say what is in them.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "models", "model", "types", "base", "shared", "lib"}

// misplaced finds entries of the first page that do not belong there, and
// folders with names that say nothing.
func misplaced(tree fs.FS) ([]Violation, error) {
	ignored, err := ignoredAtTop(tree)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, err
	}
	var found []Violation
	for _, entry := range entries {
		name := entry.Name()
		if name[0] == '.' || slices.Contains(topLevel, name) || slices.ContainsFunc(ignored, func(pattern string) bool {
			matched, err := path.Match(pattern, name)
			return err == nil && matched
		}) {
			continue
		}
		found = append(found, Violation{
			File: name, Rule: "the top level holds only " + strings.Join(topLevel, ", ") + " and dot-files",
			Fix: "move it below one of these folders, or into .gitignore if it is made by a build",
		})
	}
	unclear, err := unclearFolders(tree)
	return append(found, unclear...), err
}

func unclearFolders(tree fs.FS) ([]Violation, error) {
	var found []Violation
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if foreign(tree, name) {
			return fs.SkipDir
		}
		if slices.Contains(vague, path.Base(name)) {
			found = append(
				found,
				Violation{File: name, Rule: "the name says nothing of what the folder provides", Fix: "name it after what it provides"},
			)
		}
		return nil
	})
	return found, err
}

// ignoredAtTop are the patterns of .gitignore that match in the first folder.
func ignoredAtTop(tree fs.FS) ([]string, error) {
	text, err := fs.ReadFile(tree, ".gitignore")
	if err != nil {
		return nil, err
	}
	var patterns []string
	for line := range strings.Lines(string(text)) {
		line = strings.Trim(strings.TrimSpace(line), "/")
		if line != "" && line[0] != '#' {
			patterns = append(patterns, line)
		}
	}
	return patterns, nil
}
