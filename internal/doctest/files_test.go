package doctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// foreign are the folders that hold nothing of the repository's own.
var foreign = []string{"bin", "node_modules", "__pycache__"}

var walk = sync.OnceValues(func() (found []string, err error) {
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := name != "." && strings.HasPrefix(entry.Name(), ".") && name != ".github"
		switch {
		case entry.IsDir() && (hidden || slices.Contains(foreign, entry.Name())):
			return fs.SkipDir
		case entry.Type().IsRegular():
			found = append(found, name)
		}
		return nil
	})
	return found, err
})

// files are the files of the repository.
func files(t *testing.T) []string {
	t.Helper()
	found, err := walk()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// documents are the Markdown files of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(files(t)), func(name string) bool { return filepath.Ext(name) != ".md" })
}
