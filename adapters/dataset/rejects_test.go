package dataset_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// rejected rejects lines and returns what the file then holds.
func rejected(t *testing.T, set *dataset.Folder, refusals ...ports.Refusal) string {
	t.Helper()
	for _, refusal := range refusals {
		if err := set.Reject(t.Context(), ports.UserRecords, refusal); err != nil {
			t.Fatal(err)
		}
	}
	path, err := set.Close()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRejectsHoldTheLineAndTheProblem(t *testing.T) {
	set := open(t, map[string]string{"users.ndjson": "a\n\nb\nc\n"})
	problem := errors.Join(domain.Missing("username"), domain.Missing("email"))
	got := rejected(t, set,
		ports.Refusal{Line: 7, Problem: problem, Text: "kept \xff"},
		ports.Refusal{Line: 3, Problem: errors.New("bad")},
		ports.Refusal{Line: 4, Problem: errors.New("bad")},
		ports.Refusal{Line: 1, Problem: errors.New("bad")},
	)
	want := `{"file":"users.ndjson","line":7,"problem":"username: is required; send username | ` +
		`email: is required; send email","text":"kept ` + "\uFFFD" + `"}
{"file":"users.ndjson","line":3,"problem":"bad","text":"b"}
{"file":"users.ndjson","line":4,"problem":"bad","text":"c"}
{"file":"users.ndjson","line":1,"problem":"bad","text":"a"}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRejectsOfCSVHoldTheWholeRecord(t *testing.T) {
	set := open(t, map[string]string{"users.csv": "username,attributes\nada,\"{\n}\"\neve,\n"})
	got := rejected(t, set, ports.Refusal{Line: 2, Problem: errors.New("bad")}, ports.Refusal{Line: 4, Problem: errors.New("bad")})
	if !strings.Contains(got, `"text":"ada,\"{\n}\""`) || !strings.Contains(got, `"text":"eve,"`) {
		t.Errorf("got %s", got)
	}
}

func TestALineThatIsTooLongIsCut(t *testing.T) {
	set := open(t, map[string]string{"users.ndjson": ""})
	got := rejected(t, set, ports.Refusal{Line: 1, Problem: errors.New("bad"), Text: strings.Repeat("x", dataset.MaxLine+1)})
	if len(got) > 2000 || !strings.Contains(got, "xx…") {
		t.Errorf("got %d bytes", len(got))
	}
}

func TestRejectsOfAnEarlierRunAreRemoved(t *testing.T) {
	dir := folder(t, map[string]string{"users.ndjson": ada, "rejects.ndjson": "old"})
	set, err := dataset.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if path, err := set.Close(); path != "" || err != nil {
		t.Errorf("got %q, %v", path, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "rejects.ndjson")); !os.IsNotExist(err) {
		t.Errorf("the old rejects are there: %v", err)
	}
}

func TestRejectsThatCannotBeKeptAreAnError(t *testing.T) {
	dir := folder(t, map[string]string{"users.ndjson": ada})
	set, err := dataset.Open(dir, filepath.Join(dir, "none", "rejects.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	err = set.Reject(t.Context(), ports.UserRecords, ports.Refusal{Line: 1, Problem: errors.New("bad")})
	if err == nil || !strings.Contains(err.Error(), "choose another file") {
		t.Errorf("got %v", err)
	}
	if err := set.Reject(t.Context(), ports.EventRecords, ports.Refusal{Line: 1}); err == nil {
		t.Error("a line of a file that is not there was rejected")
	}
}

func TestAFileThatShrankIsNoticed(t *testing.T) {
	set := open(t, map[string]string{"users.ndjson": ada})
	err := set.Reject(t.Context(), ports.UserRecords, ports.Refusal{Line: 9, Problem: errors.New("bad")})
	if err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("got %v", err)
	}
}
