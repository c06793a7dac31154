package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

// Schema is the schema that the queries were checked on.
type Schema struct {
	Postgres   string         `json:"postgres"` // the major version
	Migrations []FileHash     `json:"migrations"`
	Generated  []FileHash     `json:"generated"` // Go files, by their path from the service's folder
	Tables     []schema.Table `json:"tables"`
	// Removed are columns that are gone and that queries still name.
	Removed []schema.RemovedColumn `json:"removed,omitempty"`
	Sum     string                 `json:"sum"`
}

// FileHash is the hash of a file's content.
type FileHash struct {
	File string `json:"file"`
	Hash string `json:"hash"`
}

// schemaFile has a name that no query can have.
const schemaFile = "_schema.json"

// Folder is a folder of snapshots.
type Folder struct {
	Path    string
	Schema  Schema
	Queries map[string]Query // by name
	// Faults are the files that could not be read, with the reason.
	Faults map[string]error
}

// File is the path of a query's snapshot.
func (f Folder) File(query string) string { return filepath.Join(f.Path, query+".json") }

// SchemaFile is the path of the schema's snapshot.
func (f Folder) SchemaFile() string { return filepath.Join(f.Path, schemaFile) }

// Read reads a folder. A folder that isn't there is one without snapshots, whose
// missing schema is a fault.
func Read(path string) (Folder, error) {
	f := Folder{Path: path, Queries: map[string]Query{}, Faults: map[string]error{}}
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	f.Faults[f.SchemaFile()] = errors.New("it is missing")
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			if err := f.read(name); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

func (f *Folder) read(name string) error {
	path := f.File(name)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if path == f.SchemaFile() {
		delete(f.Faults, path)
		err = unseal(text, &f.Schema, &f.Schema.Sum)
	} else {
		q := Query{}
		err = unseal(text, &q, &q.Sum)
		if err == nil && q.Name != name {
			err = fmt.Errorf("it is the snapshot of %q: %w", q.Name, ErrEdited)
		}
		f.Queries[name] = q
	}
	if err != nil {
		f.Faults[path] = err
	}
	return nil
}

// Write makes the folder hold the schema and the queries and no other snapshots.
// Files that don't change are left alone.
func (f Folder) Write() error {
	if err := os.MkdirAll(f.Path, 0o755); err != nil {
		return err
	}
	text, err := sealed(&f.Schema, &f.Schema.Sum)
	if err != nil {
		return err
	}
	if err := WriteFile(f.SchemaFile(), text); err != nil {
		return err
	}
	for name, q := range f.Queries {
		text, err := sealed(&q, &q.Sum)
		if err != nil {
			return err
		}
		if err := WriteFile(f.File(name), text); err != nil {
			return err
		}
	}
	return f.removeOthers()
}

func (f Folder) removeOthers() error {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name, isSnapshot := strings.CutSuffix(e.Name(), ".json")
		if _, wanted := f.Queries[name]; isSnapshot && !wanted && e.Name() != schemaFile {
			if err := os.Remove(f.File(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteFile writes a file unless it has that content.
func WriteFile(path string, text []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return os.WriteFile(path, text, 0o644)
}
