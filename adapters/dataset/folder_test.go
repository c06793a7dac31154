package dataset_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/ports"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFilesOfADataSetHaveSeveralNames(t *testing.T) {
	const csv = "username,email\nada,ada@example.com\n"
	for name, text := range map[string]string{
		"users.ndjson": ada, "users.jsonl": ada, "users.csv": csv, "USERS.CSV": csv, "Users.JSONL": ada,
		"users.ndjson.gz": gzipped(t, ada), "users.jsonl.gz": gzipped(t, ada), "users.csv.gz": gzipped(t, csv), "Users.Csv.GZ": gzipped(t, csv),
	} {
		t.Run(name, func(t *testing.T) {
			set := open(t, map[string]string{name: text, "plans.csv": "code,name\n"})
			lines := users(t, set)
			if len(lines) != 1 || lines[0].Fault != nil || lines[0].Record.Username.String() != "ada" {
				t.Errorf("got %+v", lines)
			}
			if len(set.LeftOut()) > 0 || !set.Has(ports.PlanRecords) || set.Has(ports.EventRecords) {
				t.Errorf("left out are %v", set.LeftOut())
			}
			if read, size := set.Progress(ports.UserRecords); read != int64(len(text)) || size != read {
				t.Errorf("%d of %d bytes are read", read, size)
			}
			got := rejected(t, set, ports.Refusal{Line: lines[0].Number, Problem: errors.New("bad")})
			if !strings.Contains(got, `"file":"`+name+`"`) || !strings.Contains(got, "ada@example.com") {
				t.Errorf("the rejected line is %s", got)
			}
		})
	}
}

func TestWhatIsLeftOutOfAFolderIsNamedWithTheReason(t *testing.T) {
	dir := folder(t, map[string]string{
		"users.ndjson": ada, "user.ndjson": ada, "users (1).csv": "", "notes.txt": "", ".DS_Store": "", "users.csv.zip": "",
		"users": "", "users.json": "", "users.XLSX": "", "rejects.ndjson": "",
	})
	if err := os.Mkdir(filepath.Join(dir, "events.csv"), 0o750); err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(dir, filepath.Join(dir, "other.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	const name = "its name must be plans, organizations, users, memberships or events"
	want := map[string]string{
		"user.ndjson": name, "users (1).csv": name, "notes.txt": name, "users.csv.zip": name, "users": name, "users.json": name,
		".DS_Store": "it is hidden", "events.csv": "it is a folder", "rejects.ndjson": "it has the rejects of an earlier import",
		"users.XLSX": `it is a workbook: save each sheet as "CSV UTF-8 (comma delimited)"`,
	}
	for _, left := range set.LeftOut() {
		if want[left.Name] == "" || !strings.HasPrefix(left.Reason, want[left.Name]) {
			t.Errorf("%s: %s, want %s", left.Name, left.Reason, want[left.Name])
		}
		delete(want, left.Name)
	}
	if len(want) > 0 {
		t.Errorf("not named are %v", want)
	}
}

func TestAFolderThatIsNoDataSetIsRefused(t *testing.T) {
	many := map[string]string{}
	for i := range 30 {
		many[fmt.Sprintf("%02d.txt", i)] = ""
	}
	for name, c := range map[string]struct {
		files    map[string]string
		problems []string
	}{
		"an empty one":             {nil, []string{"holds no data set"}},
		"one with other files":     {map[string]string{"notes.txt": "x"}, []string{"holds no data set", "notes.txt is left out: its name"}},
		"one with many of them":    {many, []string{"19.txt is left out", "10 more are left out"}},
		"one with rejects only":    {map[string]string{"rejects.ndjson": ""}, []string{"holds no data set"}},
		"one with an unknown kind": {map[string]string{"people.ndjson": ""}, []string{"holds no data set", "people.ndjson is left out"}},
		"one with two formats":     {map[string]string{"users.ndjson": "", "users.csv": ""}, []string{"holds both users.csv and users.ndjson"}},
		"one with two names":       {map[string]string{"plans.ndjson": "", "plans.jsonl": ""}, []string{"both plans.jsonl and plans.ndjson"}},
		"one with two cases":       {map[string]string{"users.csv": "", "Users.CSV": ""}, []string{"holds both Users.CSV and users.csv"}},
		"one with two packings":    {map[string]string{"users.csv": "", "users.csv.gz": ""}, []string{"holds both users.csv and users.csv.gz"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dataset.Open(folder(t, c.files), "")
			for _, problem := range c.problems {
				if err == nil || !strings.Contains(err.Error(), problem) {
					t.Errorf("got %v, want %q in it", err, problem)
				}
			}
		})
	}
	if _, err := dataset.Open(filepath.Join(t.TempDir(), "none"), ""); err == nil {
		t.Error("a folder that is not there was opened")
	}
	path := filepath.Join(folder(t, map[string]string{"users.csv": ""}), "users.csv")
	if _, err := dataset.Open(path, ""); err == nil || !strings.Contains(err.Error(), "is a file: name the folder that holds it") {
		t.Errorf("a file that is opened as a folder: %v", err)
	}
}

func TestAFileThatCannotBeReadIsNamedBeforeTheImport(t *testing.T) {
	dir := folder(t, map[string]string{"plans.csv": "code,name\n"})
	if err := os.Symlink(filepath.Join(dir, "none"), filepath.Join(dir, "users.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := dataset.Open(dir, ""); err == nil || !strings.Contains(err.Error(), "users.csv") {
		t.Errorf("got %v", err)
	}
}

func TestRejectsNeverReplaceAFileOfTheDataSet(t *testing.T) {
	dir := folder(t, map[string]string{"users.ndjson": ada, "Plans.csv": "code,name\n"})
	t.Chdir(filepath.Dir(dir))
	for _, path := range []string{filepath.Join(dir, "users.ndjson"), filepath.Join(filepath.Base(dir), "Plans.csv")} {
		if _, err := dataset.Open(dir, path); err == nil || !strings.Contains(err.Error(), "choose another with --rejects") {
			t.Errorf("%s: got %v", path, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestADamagedFileIsNamed(t *testing.T) {
	whole := gzipped(t, strings.Repeat(ada+"\n", 2000))
	for name, c := range map[string]struct{ text, problem string }{
		"not compressed": {ada, "users.ndjson.gz is not compressed by gzip: remove .gz from its name"},
		"cut":            {whole[:len(whole)-20], "users.ndjson.gz is damaged or not complete: copy it again"},
		"cut early":      {whole[:5], "users.ndjson.gz is damaged or not complete"},
		"altered":        {whole[:len(whole)-8] + "\x00\x00\x00\x00" + whole[len(whole)-4:], "users.ndjson.gz is damaged or not complete"},
		"with more":      {whole + "more than there was", "users.ndjson.gz is damaged or not complete"},
	} {
		t.Run(name, func(t *testing.T) {
			set, last := dataset.Open(folder(t, map[string]string{"users.ndjson.gz": c.text}), "")
			if last == nil {
				for _, err := range set.Users(t.Context()) {
					last = err
				}
			}
			if last == nil || !strings.Contains(last.Error(), c.problem) {
				t.Errorf("got %v, want %q in it", last, c.problem)
			}
		})
	}
	if lines := users(t, open(t, map[string]string{"users.csv.gz": ""})); len(lines) != 0 {
		t.Errorf("an empty file has %d lines", len(lines))
	}
}
