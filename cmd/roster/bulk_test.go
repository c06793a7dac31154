package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// quiet is the environment of a command on a database, without its log.
func quiet(url string) []string { return []string{"DATABASE_URL=" + url, "ROSTER_LOG=off"} }

// must runs the program and returns what it says.
func must(t *testing.T, url string, args ...string) string {
	t.Helper()
	code, stdout, stderr := roster(t, quiet(url), args...)
	if code != 0 {
		t.Fatalf("roster %s: exit code %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// dataset makes a folder of files.
func dataSet(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// ask returns one value from the database, as text.
func ask(t *testing.T, url, query string, args ...any) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var answer string
	if err := conn.QueryRow(t.Context(), query, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

func change(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// contents digests every row of every table, all columns but the search vector.
func contents(t *testing.T, url string) string {
	t.Helper()
	var all []string
	for _, rows := range []string{
		"roster.plans", "roster.organizations", "roster.memberships", "roster.events",
		"(SELECT id, external_id, username, email, display_name, attributes, status, created_at, updated_at, deleted_at, version FROM roster.users)",
	} {
		all = append(all, ask(t, url, "SELECT count(*) || ' ' || md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '')) FROM "+rows+" r"))
	}
	return strings.Join(all, "\n")
}

// counts are the lines of an import's summary, without the time they took.
func counts(summary string) []string {
	var all []string
	for _, found := range regexp.MustCompile(`(?m)^ *([a-z]+(?: +\d+){4}) +[\d.]+ *$`).FindAllStringSubmatch(summary, -1) {
		all = append(all, strings.Join(strings.Fields(found[1]), " "))
	}
	return all
}

func sampled(t *testing.T, users, events int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "people")
	must(t, "", "sample", dir, "--users", fmt.Sprint(users), "--events", fmt.Sprint(events))
	return dir
}

func TestImportOfAnExportIsTheIdentity(t *testing.T) {
	first := migrated.Database(t)
	must(t, first, "import", sampled(t, 600, 3000))
	change(
		t, first,
		`UPDATE roster.events SET user_id = NULL WHERE id = (SELECT id FROM roster.events ORDER BY id LIMIT 1)`,
		`UPDATE roster.events SET payload = 'null' WHERE id = (SELECT id FROM roster.events ORDER BY id OFFSET 1 LIMIT 1)`,
		`UPDATE roster.events SET payload = '[1e300, -1.50e-200, "1e300 \" 7", 12345678901234567890, 1.0]'
			WHERE id = (SELECT id FROM roster.events ORDER BY id OFFSET 2 LIMIT 1)`,
		`UPDATE roster.users SET display_name = 'say "hi", O''Neil', created_at = created_at + interval '1 microsecond' WHERE id = (SELECT id FROM roster.users ORDER BY id DESC LIMIT 1)`,
	)
	for _, format := range []string{"ndjson", "csv"} {
		t.Run(format, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			must(t, first, "export", out, "--format", format)
			second := migrated.Database(t)
			must(t, second, "import", out, "--strict")
			if got, want := contents(t, second), contents(t, first); got != want {
				t.Errorf("the copy holds\n%s\nand the original\n%s", got, want)
			}
			again := filepath.Join(t.TempDir(), "again")
			must(t, second, "export", again, "--format", format)
			if err := exec.Command("diff", "-r", out, again).Run(); err != nil {
				t.Errorf("the exports differ: %v", err)
			}
		})
	}
}

func TestTheSameFolderTwiceChangesNothing(t *testing.T) {
	for name, dir := range map[string]string{
		"a sample": sampled(t, 300, 1000),
		"a set without ids": dataSet(t, map[string]string{
			"plans.ndjson":         `{"code":"free","name":"Free"}`,
			"organizations.ndjson": `{"name":"Acme","slug":"acme","plan":"free"}`,
			"users.ndjson":         `{"username":"Ada","email":"ada@example.com"}`,
			"memberships.ndjson":   `{"organization":"acme","user":"ada","role":"owner"}`,
			"events.ndjson": strings.Repeat(`{"organization":"acme","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z","payload":{"a":1}}`+"\n", 3) +
				`{"organization":"acme","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z"}`,
		}),
	} {
		t.Run(name, func(t *testing.T) {
			url := migrated.Database(t)
			first := counts(must(t, url, "import", dir))
			before := contents(t, url)
			second := counts(must(t, url, "import", dir))
			if contents(t, url) != before {
				t.Error("the second import changed the database")
			}
			for i := range first {
				f, s := strings.Fields(first[i]), strings.Fields(second[i])
				if f[1] != f[2] || s[2] != "0" || s[3] != f[2] || s[4] != "0" {
					t.Errorf("first %s, then %s", first[i], second[i])
				}
			}
			if len(first) != 5 {
				t.Errorf("a summary of %d files", len(first))
			}
		})
	}
}

// flawed is a data set in which most lines can't go in, and why.
func flawed() (files map[string]string, problems []string) {
	return map[string]string{
			"plans.ndjson":         `{"code":"duo","name":"Duo","seats":2}` + "\n" + `{"code":"duo","name":"Trio","seats":3}` + "\n",
			"organizations.ndjson": `{"name":"Acme","slug":"acme","plan":"duo"}` + "\n" + `{"name":"Bolt","slug":"bolt","plan":"none"}` + "\n" + `{"name":"Other","slug":"acme","plan":"duo"}` + "\n",
			"users.ndjson": strings.Join([]string{
				`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","username":"ada","email":"ada@example.com","external_id":"1"}`,
				`{"username":"bob","email":"bob@example.com"}`,
				`{"username":"cy","email":"cy@example.com"}`,
				`{"username":"ADA","email":"eve@example.com"}`,
				`{"username":"eve","email":"ADA@example.com"}`,
				`{"username":"eve","email":"eve@example.com","external_id":"1"}`,
				`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","username":"ada","email":"new@example.com"}`,
				`{"username":"bob","email":"bob@example.com"}`,
				`not json`,
			}, "\n"),
			"memberships.csv": "organization,user,role\nacme,ada,owner\nacme,bob,member\nacme,cy,member\nnone,ada,member\nacme,nobody,member\nacme,ada,admin\nacme,bob,boss\n",
			"events.ndjson": strings.Join([]string{
				`{"id":"01890a5d-ac96-774b-bcce-b302099a8058","organization":"acme","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z"}`,
				`{"id":"01890a5d-ac96-774b-bcce-b302099a8058","organization":"acme","user":"ada","kind":"logout","occurred_at":"2026-01-01T00:00:00Z"}`,
				`{"organization":"none","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z"}`,
				`{"organization":"acme","user":"none","kind":"login","occurred_at":"2026-01-01T00:00:00Z"}`,
				`{"organization":"acme","user":"ada","kind":"login","occurred_at":"1999-01-01T00:00:00Z"}`,
				`{"organization":"acme","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z","payload":[` + strings.Repeat("1e300,", 40) + `1]}`,
			}, "\n"),
		}, []string{
			"plans.ndjson:2 name, seats: exists with another value",
			"organizations.ndjson:2 plan: does not exist", "organizations.ndjson:3 name: exists with another value",
			"users.ndjson:9 is not a JSON object", "users.ndjson:4 username, email: exists with another value", "users.ndjson:5 email: belongs to another record",
			"users.ndjson:6 external_id: belongs to another record", "users.ndjson:7 email: exists with another value",
			"memberships.csv:8 role: ", "memberships.csv:4 organization: the plan's seats are taken", "memberships.csv:5 organization: does not exist",
			"memberships.csv:6 user: does not exist", "memberships.csv:7 role: exists with another value",
			"events.ndjson:5 occurred_at: ", "events.ndjson:6 payload: has", "events.ndjson:2 kind: exists with another value", "events.ndjson:3 organization: does not exist",
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

func TestBadLinesAreRejectedAndTheRestGoesIn(t *testing.T) {
	files, problems := flawed()
	dir, url := dataSet(t, files), migrated.Database(t)
	summary := must(t, url, "import", dir)
	want := []string{"plans 2 1 0 1", "organizations 3 1 0 2", "users 9 3 1 5", "memberships 7 2 0 5", "events 6 1 0 5"}
	if got := counts(summary); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %v, want %v", got, want)
	}
	if !strings.Contains(summary, "18 lines rejected: see "+filepath.Join(dir, "rejects.ndjson")) {
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
	files, _ := flawed()
	url := migrated.Database(t)
	before := contents(t, url)
	delete(files, "plans.ndjson")
	files["plans.ndjson"] = `{"code":"duo","name":"Duo","seats":2}`
	dir := dataSet(t, files)
	code, _, stderr := roster(t, quiet(url), "import", dir, "--strict")
	if code != 1 || !strings.Contains(stderr, "2 lines can't be imported, so nothing was") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if contents(t, url) != before {
		t.Error("a strict import that failed changed the database")
	}
	if got := len(rejectsIn(t, filepath.Join(dir, "rejects.ndjson"))); got != 2 {
		t.Errorf("%d rejects, want both lines at fault", got)
	}
}

func TestAnImportThatWasKilledIsCompletedByAnother(t *testing.T) {
	dir, url := sampled(t, 3000, 20000), migrated.Database(t)
	want := migrated.Database(t)
	must(t, want, "import", dir)
	for _, at := range []string{"users: ", "memberships: ", "events: "} {
		killed := exec.Command("roster", "import", dir)
		killed.Env = append(os.Environ(), quiet(url)...)
		stderr, err := killed.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), at) {
				if err := killed.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		if err := killed.Wait(); err == nil {
			t.Errorf("the import was not killed at %q", at)
		}
	}
	must(t, url, "import", dir)
	const rows = "SELECT count(*)::text FROM roster."
	for _, table := range []string{"users", "memberships", "events"} {
		if got, all := ask(t, url, rows+table), ask(t, want, rows+table); got != all {
			t.Errorf("%s of %s %s", got, all, table)
		}
	}
}

func TestOnlyOneImportRunsAtATime(t *testing.T) {
	url := migrated.Database(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "SELECT pg_advisory_lock(hashtext('roster.import'))"); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := roster(t, quiet(url), "import", sampled(t, 1, 0))
	if code != 1 || !strings.Contains(stderr, "another import is running") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

func TestImportNamesOrganizationsWithoutAnOwner(t *testing.T) {
	dir := dataSet(t, map[string]string{
		"plans.ndjson":         `{"code":"free","name":"Free"}`,
		"organizations.ndjson": `{"name":"Acme","slug":"acme","plan":"free"}`,
	})
	if got := must(t, migrated.Database(t), "import", dir); !strings.Contains(got, "1 organization without an active owner: acme\n") {
		t.Errorf("got %s", got)
	}
}

func TestExportKeepsAFolderThatIsNotEmpty(t *testing.T) {
	url, dir := migrated.Database(t), dataSet(t, map[string]string{"users.csv": "username,email\n"})
	code, _, stderr := roster(t, quiet(url), "export", dir)
	if code != 2 || !strings.Contains(stderr, "is not empty") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	must(t, url, "export", dir, "--force")
	if _, err := os.Stat(filepath.Join(dir, "users.csv")); !os.IsNotExist(err) {
		t.Errorf("the folder holds users in both formats: %v", err)
	}
}
