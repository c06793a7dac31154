package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// flawed returns a data set with lines that are rejected, and the rejects.
func flawed() (files map[string]string, problems []string) {
	const event = `"organization":"acme","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z"`
	const eventID = `{"id":"01890a5d-ac96-774b-bcce-b302099a8058",`
	lines := func(all ...string) string { return strings.Join(all, "\n") }
	return map[string]string{
		"plans.ndjson": lines(`{"code":"duo","name":"Duo","seats":2}`, `{"code":"duo","name":"Trio","seats":3}`),
		"organizations.ndjson": lines(
			`{"name":"Acme","slug":"acme","plan":"duo"}`,
			`{"name":"Bolt","slug":"bolt","plan":"none"}`,
			`{"name":"Other","slug":"acme","plan":"duo"}`,
		),
		"users.ndjson": lines(
			`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","username":"ada","email":"ada@example.com","external_id":"1"}`,
			`{"username":"bob","email":"bob@example.com"}`,
			`{"username":"cy","email":"cy@example.com"}`,
			`{"username":"ADA","email":"eve@example.com"}`,
			`{"username":"eve","email":"ADA@example.com"}`,
			`{"username":"eve","email":"eve@example.com","external_id":"1"}`,
			`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","username":"ada","email":"new@example.com"}`,
			`{"username":"bob","email":"bob@example.com"}`,
			`not json`,
		),
		"memberships.csv": lines(
			"organization,user,role",
			"acme,ada,owner", "acme,bob,member", "acme,cy,member", "none,ada,member", "acme,nobody,member", "acme,ada,admin", "acme,bob,boss", "",
		),
		"events.ndjson": lines(
			eventID+event+"}",
			eventID+strings.Replace(event, "login", "logout", 1)+"}",
			"{"+strings.Replace(event, "acme", "none", 1)+"}",
			"{"+strings.Replace(event, "ada", "none", 1)+"}",
			"{"+strings.Replace(event, "2026", "1999", 1)+"}",
			"{"+event+`,"payload":[`+strings.Repeat("1e300,", 40)+`1]}`,
		),
	}, []string{
		"plans.ndjson:2 name, seats: exists with another value",
		"organizations.ndjson:2 plan: does not exist",
		"organizations.ndjson:3 name: exists with another value",
		"users.ndjson:9 is not a JSON object",
		"users.ndjson:4 username, email: exists with another value",
		"users.ndjson:5 email: belongs to another record",
		"users.ndjson:6 external_id: belongs to another record",
		"users.ndjson:7 email: exists with another value",
		"memberships.csv:8 role: ",
		"memberships.csv:4 organization: the plan's seats are taken",
		"memberships.csv:5 organization: does not exist",
		"memberships.csv:6 user: does not exist",
		"memberships.csv:7 role: exists with another value",
		"events.ndjson:5 occurred_at: ",
		"events.ndjson:6 payload: has",
		"events.ndjson:2 kind: exists with another value",
		"events.ndjson:3 organization: does not exist",
		"events.ndjson:4 user: does not exist",
	}
}

type reject struct {
	File          string
	Line          int
	Problem, Text string
}

func rejectsIn(t *testing.T, path string) []reject {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var all []reject
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var one reject
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func TestBadLinesAreRejectedAndTheRestIsImported(t *testing.T) {
	t.Parallel()
	files, problems := flawed()
	dir, url := dataSet(t, files), migrated.Database(t)
	code, summary, stderr := roster(t, quiet(url), "import", dir)
	if code != exitRejected || !strings.HasSuffix(stderr, "roster: 18 lines can't be imported; the other lines are\n") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	want := []string{"plans 2 1 0 1", "organizations 3 1 0 2", "users 9 3 1 5", "memberships 7 2 0 5", "events 6 1 0 5"}
	if got := counts(summary); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %v, want %v", got, want)
	}
	if !strings.Contains(summary, "18 lines rejected, so the exit code is 3: see "+filepath.Join(dir, "rejects.ndjson")) {
		t.Errorf("the summary does not name the rejects:\n%s", summary)
	}
	rejects := rejectsIn(t, filepath.Join(dir, "rejects.ndjson"))
	if len(rejects) != len(problems) {
		t.Fatalf("%d rejects, want %d: %+v", len(rejects), len(problems), rejects)
	}
	for i, r := range rejects {
		if got := fmt.Sprintf("%s:%d %s", r.File, r.Line, r.Problem); !strings.HasPrefix(got, problems[i]) {
			t.Errorf("got %q, want %q", got, problems[i])
		}
		if line := strings.Split(files[r.File], "\n")[r.Line-1]; r.Text != line {
			t.Errorf("the text of %s:%d is %q, want %q", r.File, r.Line, r.Text, line)
		}
	}
}

func TestAStrictImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	files, _ := flawed()
	url := migrated.Database(t)
	before := contents(t, url)
	files["plans.ndjson"] = `{"code":"duo","name":"Duo","seats":2}`
	dir := dataSet(t, files)
	code, _, stderr := roster(t, quiet(url), "import", dir, "--strict")
	if code != exitRejected || !strings.Contains(stderr, "2 lines can't be imported, so nothing was") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if contents(t, url) != before {
		t.Error("a strict import that failed changed the database")
	}
	if got := len(rejectsIn(t, filepath.Join(dir, "rejects.ndjson"))); got != 2 {
		t.Errorf("%d rejects, want both lines at fault", got)
	}
}

func TestAFileOfAnotherFormatIsNamedBeforeTheImport(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	before := contents(t, url)
	dir := dataSet(t, map[string]string{"users.ndjson": `{"username":"ada","email":"ada@example.com"}`, "events.csv": "sep=;\n"})
	code, _, stderr := roster(t, quiet(url), "import", dir)
	if code != exitUsage || !strings.Contains(stderr, "events.csv: the first line is sep=;") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if contents(t, url) != before {
		t.Error("the other files are imported")
	}
}

func TestAnImportNamesTheFilesThatItLeavesOut(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"plans.csv": "code,name\nfree,Free\n", "users.jsonl": `{"username":"ada","email":"ada@example.com"}`, ".DS_Store": "",
	}
	for i := range 25 {
		files[fmt.Sprintf("notes%02d.txt", i)] = ""
	}
	summary := mustRun(t, migrated.Database(t), "import", dataSet(t, files))
	if got := strings.Join(counts(summary), ", "); got != "plans 1 1 0 0, users 1 1 0 0" {
		t.Errorf("imported are %s", got)
	}
	for _, want := range []string{"left out .DS_Store: it is hidden\n", "left out notes00.txt: its name must be ", "6 files more left out\n"} {
		if !strings.Contains(summary, want) {
			t.Errorf("%q is missing in\n%s", want, summary)
		}
	}
}
