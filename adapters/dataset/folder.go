package dataset

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/roster-directory/roster/ports"
)

// RejectsFile is the file of a folder for rejected lines, unless another one is
// chosen.
const RejectsFile = "rejects.ndjson"

// Folder is a data set to read: a folder of NDJSON or CSV files, which may be
// compressed by gzip. One goroutine may
// use its sequences and Reject; any goroutine may call Progress.
type Folder struct {
	sequences
	dir     string
	files   map[ports.RecordKind]*file
	leftOut []LeftOut
	rejects *rejects
}

var _ ports.Dataset = (*Folder)(nil)

// Open finds the files of the data set in dir. Rejected lines are written to
// rejectsFile, or to RejectsFile in dir if that is empty. The file is made when it is
// needed, and the file of an earlier run is removed. The error says that the folder
// does not exist, that it has no data set or two files of one kind, that files can't
// be read, are of other formats or have other headers, or that rejectsFile is a file
// of the data set.
func Open(dir, rejectsFile string) (*Folder, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, notOpened(dir, err)
	}
	if rejectsFile == "" {
		rejectsFile = filepath.Join(dir, RejectsFile)
	}
	f := &Folder{dir: dir, files: map[ports.RecordKind]*file{}, rejects: &rejects{path: rejectsFile}}
	f.sequences = f.open
	earlier, _ := os.Stat(rejectsFile) // it may not exist
	for _, entry := range entries {
		info, err := os.Stat(filepath.Join(dir, entry.Name()))
		isRejects := err == nil && earlier != nil && os.SameFile(info, earlier)
		if named, reason := fileOf(entry.Name()); isRejects && reason == "" {
			return nil, fmt.Errorf("the file for rejects is %s of the data set, %s: choose another with --rejects", named.kind, rejectsFile)
		}
		if isRejects {
			continue
		}
		if err := f.find(entry); err != nil {
			return nil, err
		}
	}
	if len(f.files) == 0 {
		return nil, f.holdsNothing()
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	if err := os.Remove(rejectsFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing the rejects of an earlier import: %w", err)
	}
	return f, nil
}

// check reads the beginning of each file, so that an import of files that are of
// other formats does not begin.
func (f *Folder) check() error {
	var faults []error
	for _, kind := range ports.RecordKinds() {
		if file := f.files[kind]; file != nil {
			faults = append(faults, file.check())
		}
	}
	return errors.Join(faults...)
}

// notOpened is the error of a folder that can't be read.
func notOpened(dir string, err error) error {
	if info, failed := os.Stat(dir); failed == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file: name the folder that holds it", dir)
	}
	return fmt.Errorf("opening the data set: %w", err)
}

func (f *Folder) holdsNothing() error {
	text := fmt.Sprintf("%s holds no data set: it needs users.ndjson, users.csv or the like", f.dir)
	for i, left := range f.leftOut {
		if i == maxUnknown {
			text += fmt.Sprintf("\n%d more are left out", len(f.leftOut)-i)
			break
		}
		text += fmt.Sprintf("\n%s is left out: %s", left.Name, left.Reason)
	}
	return errors.New(text)
}

// LeftOut returns the entries of the folder that are not read, and why.
func (f *Folder) LeftOut() []LeftOut { return f.leftOut }

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
