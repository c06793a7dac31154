package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/roster-directory/roster/ports"
)

// Format is the format of the files of a data set.
type Format string

// The formats, which are the extensions of the files, too.
const (
	NDJSON Format = "ndjson"
	CSV    Format = "csv"
)

// Writer writes a data set. Its files get their names when it is closed, so that a
// folder never has an incomplete data set.
type Writer struct {
	recordWriter
	// OnProgress, unless nil, is called for every 1,000 records of a kind.
	OnProgress func(kind ports.RecordKind, written int64)

	dir     string
	format  Format
	files   map[ports.RecordKind]*output
	written map[ports.RecordKind]int64
}

// progressEvery is the number of records between two calls of OnProgress.
const progressEvery = 1000

var _ ports.RecordWriter = (*Writer)(nil)

// output is a file under its temporary name.
type output struct {
	encoder
	file *os.File
}

// Create makes a data set in dir, and dir if it does not exist. It returns an error
// if the folder is not empty. With overwrite it replaces the data set in the folder.
func Create(dir string, format Format, overwrite bool) (*Writer, error) {
	if format != NDJSON && format != CSV {
		return nil, fmt.Errorf("unknown format %q: choose %s or %s", format, NDJSON, CSV)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making the folder of the data set: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("making the data set: %w", err)
	}
	if len(entries) > 0 && !overwrite {
		return nil, fmt.Errorf("%s is not empty: choose another folder, or replace the data set in it with --force", dir)
	}
	w := &Writer{dir: dir, format: format, files: map[ports.RecordKind]*output{}, written: map[ports.RecordKind]int64{}}
	w.recordWriter = w.write
	for _, kind := range ports.RecordKinds() {
		if err := w.start(kind); err != nil {
			return nil, errors.Join(err, w.Abort())
		}
	}
	return w, nil
}

func (w *Writer) start(kind ports.RecordKind) error {
	file, err := os.OpenFile(w.temporary(kind), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("making the data set: %w", err)
	}
	out := &output{encoder: newEncoder(file, w.format), file: file}
	w.files[kind] = out
	return out.begin(kind)
}

func (w *Writer) temporary(kind ports.RecordKind) string {
	return filepath.Join(w.dir, "."+string(kind)+"."+string(w.format)+".partial")
}

func (w *Writer) path(kind ports.RecordKind) string {
	return filepath.Join(w.dir, string(kind)+"."+string(w.format))
}

func (w *Writer) write(kind ports.RecordKind, record fields) error {
	if err := w.files[kind].write(record); err != nil {
		return fmt.Errorf("writing %s: %w", kind, err)
	}
	w.written[kind]++
	if n := w.written[kind]; w.OnProgress != nil && n%progressEvery == 0 {
		w.OnProgress(kind, n)
	}
	return nil
}

// Written returns how many records of a kind are written.
func (w *Writer) Written(kind ports.RecordKind) int64 { return w.written[kind] }

// Close completes the files and gives them their names. After an error the folder
// may have some of the new files; Abort removes the others.
func (w *Writer) Close() error {
	for _, kind := range ports.RecordKinds() {
		if err := w.files[kind].finish(); err != nil {
			return fmt.Errorf("writing %s: %w", kind, err)
		}
	}
	for _, kind := range ports.RecordKinds() {
		if err := os.Rename(w.temporary(kind), w.path(kind)); err != nil {
			return fmt.Errorf("naming %s: %w", kind, err)
		}
	}
	return w.removeOthers()
}

// removeOthers removes the files of the data set that was in the folder before.
func (w *Writer) removeOthers() error {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return fmt.Errorf("replacing the data set: %w", err)
	}
	for _, entry := range entries {
		path := filepath.Join(w.dir, entry.Name())
		other, reason := fileOf(path)
		if reason != "" || !entry.Type().IsRegular() || sameFile(path, w.path(other.kind)) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("replacing %s: %w", other.kind, err)
		}
	}
	return nil
}

// sameFile compares files and not names, whose case a file system may ignore.
func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	second, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(first, second)
}

func (o *output) finish() error {
	if err := o.flush(); err != nil {
		return err
	}
	if err := o.file.Sync(); err != nil {
		return err
	}
	return o.file.Close()
}

// Abort removes what is not closed.
func (w *Writer) Abort() error {
	var faults []error
	for kind, out := range w.files {
		if err := out.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			faults = append(faults, err)
		}
		if err := os.Remove(w.temporary(kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
