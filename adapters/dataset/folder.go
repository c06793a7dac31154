package dataset

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/roster-directory/roster/ports"
)

// RejectsFile is the file of a folder for rejected lines, unless another one is
// chosen.
const RejectsFile = "rejects.ndjson"

// Folder is a data set to read: a folder of NDJSON or CSV files. One goroutine may
// use its sequences and Reject; any goroutine may call Progress.
type Folder struct {
	sequences
	dir     string
	files   map[ports.RecordKind]*file
	ignored []string
	rejects *rejects
}

var _ ports.Dataset = (*Folder)(nil)

// file is one file of a folder.
type file struct {
	kind ports.RecordKind
	path string
	csv  bool
	size int64
	read atomic.Int64
}

func (f *file) name() string { return filepath.Base(f.path) }

// Open finds the files of the data set in dir. Rejected lines are written to
// rejectsFile, or to RejectsFile in dir if that is empty. The file is made when it is
// needed, and the file of an earlier run is removed. The error says that the folder
// does not exist, that it has no data set, or that it has a kind both as NDJSON and
// as CSV.
func Open(dir, rejectsFile string) (*Folder, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the data set: %w", err)
	}
	if rejectsFile == "" {
		rejectsFile = filepath.Join(dir, RejectsFile)
	}
	f := &Folder{dir: dir, files: map[ports.RecordKind]*file{}}
	f.sequences = f.open
	for _, entry := range entries {
		if err := f.add(entry, rejectsFile); err != nil {
			return nil, err
		}
	}
	if len(f.files) == 0 {
		return nil, fmt.Errorf("%s holds no data set: it needs users.ndjson, users.csv or the like", dir)
	}
	if err := os.Remove(rejectsFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing the rejects of an earlier import: %w", err)
	}
	f.rejects = &rejects{path: rejectsFile}
	return f, nil
}

func (f *Folder) add(entry os.DirEntry, rejectsFile string) error {
	path := filepath.Join(f.dir, entry.Name())
	extension := filepath.Ext(path)
	if extension != ".ndjson" && extension != ".csv" || path == filepath.Clean(rejectsFile) || entry.Name() == RejectsFile {
		return nil
	}
	kind := ports.RecordKind(strings.TrimSuffix(entry.Name(), extension))
	if !slices.Contains(ports.RecordKinds(), kind) {
		f.ignored = append(f.ignored, entry.Name())
		return nil
	}
	if other := f.files[kind]; other != nil {
		return fmt.Errorf("%s holds both %s and %s: remove one of them", f.dir, other.name(), entry.Name())
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("opening the data set: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	f.files[kind] = &file{kind: kind, path: path, csv: extension == ".csv", size: info.Size()}
	return nil
}

// Ignored returns the names of the NDJSON and CSV files of unknown kinds.
func (f *Folder) Ignored() []string { return f.ignored }

// Progress returns how many bytes of a kind's file are read, and its size.
func (f *Folder) Progress(kind ports.RecordKind) (read, size int64) {
	if file := f.files[kind]; file != nil {
		return file.read.Load(), file.size
	}
	return 0, 0
}

// Close closes the file of rejects and returns its path, which is empty if no line
// was rejected.
func (f *Folder) Close() (rejects string, err error) { return f.rejects.close() }

// Has implements ports.Dataset.
func (f *Folder) Has(kind ports.RecordKind) bool { return f.files[kind] != nil }

func (f *Folder) open(ctx context.Context, kind ports.RecordKind, known []string) (*recordReader, error) {
	file := f.files[kind]
	if file == nil {
		return nil, nil
	}
	file.read.Store(0)
	return file.open(ctx, known)
}

// Reject implements ports.Dataset.
func (f *Folder) Reject(ctx context.Context, kind ports.RecordKind, refusal ports.Refusal) error {
	file := f.files[kind]
	if file == nil {
		return fmt.Errorf("rejecting line %d of %s: the data set has no such file", refusal.Line, kind)
	}
	return f.rejects.add(ctx, file, refusal)
}
