package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/roster-directory/roster/ports"
)

// file is one file of a folder.
type file struct {
	kind ports.RecordKind
	path string
	csv  bool
	gzip bool
	size int64
	read atomic.Int64 // bytes, as they are in the file
}

func (f *file) name() string { return filepath.Base(f.path) }

// LeftOut is an entry of a folder that is not read.
type LeftOut struct{ Name, Reason string }

// workbooks are the endings of files that spreadsheets save unless they are told to
// save CSV.
var workbooks = []string{".xlsx", ".xls", ".ods", ".numbers"}

// fileOf reads the name of a file, in any case: a kind and a format, such as
// users.csv, and .gz if it is compressed. The reason says why it is no such name.
func fileOf(path string) (f *file, reason string) {
	name := strings.ToLower(filepath.Base(path))
	f = &file{path: path}
	name, f.gzip = strings.CutSuffix(name, ".gz")
	format := filepath.Ext(name)
	f.kind = ports.RecordKind(strings.TrimSuffix(name, format))
	f.csv = format == ".csv"
	switch {
	case slices.Contains(workbooks, format):
		return nil, "it is a workbook: " + strings.Replace(saveAsCSV, "the file", "each sheet", 1)
	case !f.csv && format != ".ndjson" && format != ".jsonl", !slices.Contains(ports.RecordKinds(), f.kind):
		return nil, "its name must be plans, organizations, users, memberships or events, with .ndjson, .jsonl or .csv, " +
			"and .gz if it is compressed by gzip"
	}
	return f, ""
}

// find takes an entry of the folder into the data set, or says why it is left out.
// The error is that of a file which has a name of the data set, and can't be read.
func (f *Folder) find(entry os.DirEntry) error {
	path := filepath.Join(f.dir, entry.Name())
	found, reason := fileOf(path)
	switch {
	case entry.IsDir():
		reason = "it is a folder"
	case strings.HasPrefix(entry.Name(), "."):
		reason = "it is hidden"
	case strings.EqualFold(entry.Name(), RejectsFile):
		reason = "it has the rejects of an earlier import"
	}
	if reason != "" {
		f.leftOut = append(f.leftOut, LeftOut{entry.Name(), reason})
		return nil
	}
	if other := f.files[found.kind]; other != nil {
		return fmt.Errorf("%s holds both %s and %s: remove one of them", f.dir, other.name(), entry.Name())
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("opening the data set: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening the data set: %w", err)
	}
	found.size, f.files[found.kind] = info.Size(), found
	return in.Close()
}
