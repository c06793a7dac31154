package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// mustRun runs the program on a database and returns its output.
func mustRun(t *testing.T, url string, args ...string) string {
	t.Helper()
	code, stdout, stderr := roster(t, quiet(url), args...)
	if code != 0 {
		t.Fatalf("roster %s: exit code %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// quiet is the environment of a command on a database, without a log.
func quiet(url string) []string { return append(noLimits(), "DATABASE_URL="+url, "ROSTER_LOG=off") }

// dataSet makes a folder of files.
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

// query returns the only value of a query, on a connection of its own.
func query[T any](t *testing.T, url, text string) T {
	t.Helper()
	conn := pgtest.Connect(t, url)
	defer func() { _ = conn.Close(t.Context()) }()
	return pgtest.Scalar[T](t, conn, text)
}

// contents returns a digest of all rows and all columns.
func contents(t *testing.T, url string) string {
	t.Helper()
	conn := pgtest.Connect(t, url)
	var all []string
	for _, rows := range []string{
		"roster.plans", "roster.organizations", "roster.memberships", "roster.events",
		`(SELECT id, external_id, username, email, display_name, attributes, status, created_at, updated_at, deleted_at, version
			FROM roster.users)`, // without the search vector
	} {
		const digest = `SELECT count(*) || ' ' || md5(coalesce(string_agg(r::text, E'\n' ORDER BY r::text), '')) FROM `
		all = append(all, pgtest.Scalar[string](t, conn, digest+rows+" r"))
	}
	return strings.Join(all, "\n")
}

// counts returns the lines of an import's summary without the times.
func counts(summary string) []string {
	var all []string
	for _, found := range regexp.MustCompile(`(?m)^ *([a-z]+(?: +\d+){4}) +[\d.]+ *$`).FindAllStringSubmatch(summary, -1) {
		all = append(all, strings.Join(strings.Fields(found[1]), " "))
	}
	return all
}

// sampled generates a data set.
func sampled(t *testing.T, users, events int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "people")
	mustRun(t, "", "sample", dir, "--users", fmt.Sprint(users), "--events", fmt.Sprint(events))
	return dir
}

func TestImportOfAnExportIsTheIdentity(t *testing.T) {
	t.Parallel()
	first := migrated.Database(t)
	mustRun(t, first, "import", sampled(t, 600, 3000))
	pgtest.Execute(
		t, pgtest.Connect(t, first),
		`UPDATE roster.events SET user_id = NULL WHERE id = (SELECT id FROM roster.events ORDER BY id LIMIT 1)`,
		`UPDATE roster.events SET payload = 'null' WHERE id = (SELECT id FROM roster.events ORDER BY id OFFSET 1 LIMIT 1)`,
		`UPDATE roster.events SET payload = '[1e300, -1.50e-200, "1e300 \" 7", 12345678901234567890, 1.0]'
			WHERE id = (SELECT id FROM roster.events ORDER BY id OFFSET 2 LIMIT 1)`,
		`UPDATE roster.users SET display_name = 'say "hi", O''Neil', created_at = created_at + interval '1 microsecond'
			WHERE id = (SELECT id FROM roster.users ORDER BY id DESC LIMIT 1)`,
	)
	for _, format := range []string{"ndjson", "csv"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			mustRun(t, first, "export", out, "--format", format)
			second := migrated.Database(t)
			mustRun(t, second, "import", out, "--strict")
			if got, want := contents(t, second), contents(t, first); got != want {
				t.Errorf("the copy holds\n%s\nand the original\n%s", got, want)
			}
			again := filepath.Join(t.TempDir(), "again")
			mustRun(t, second, "export", again, "--format", format)
			if err := exec.Command("diff", "-r", out, again).Run(); err != nil {
				t.Errorf("the exports differ: %v", err)
			}
		})
	}
}

func TestTheSameFolderTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	const event = `{"organization":"acme","user":"ada","kind":"login","occurred_at":"2026-01-01T00:00:00Z"`
	for name, dir := range map[string]string{
		"a sample": sampled(t, 300, 1000),
		"a set without ids": dataSet(t, map[string]string{
			"plans.ndjson":         `{"code":"free","name":"Free"}`,
			"organizations.ndjson": `{"name":"Acme","slug":"acme","plan":"free"}`,
			"users.ndjson":         `{"username":"Ada","email":"ada@example.com"}`,
			"memberships.ndjson":   `{"organization":"acme","user":"ada","role":"owner"}`,
			"events.ndjson":        strings.Repeat(event+`,"payload":{"a":1}}`+"\n", 3) + event + "}",
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := migrated.Database(t)
			first := counts(mustRun(t, url, "import", dir))
			before := contents(t, url)
			second := counts(mustRun(t, url, "import", dir))
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

func TestAnImportThatWasKilledIsCompletedByAnother(t *testing.T) {
	t.Parallel()
	dir, url := sampled(t, 600, 3000), migrated.Database(t)
	want := migrated.Database(t)
	mustRun(t, want, "import", dir)
	for _, table := range []string{"users", "memberships", "events"} {
		killImport(t, dir, url, table)
	}
	mustRun(t, url, "import", dir)
	for _, table := range []string{"users", "memberships", "events"} {
		count := "SELECT count(*) FROM roster." + table
		if got, all := query[int](t, url, count), query[int](t, want, count); got != all {
			t.Errorf("%d of %d %s", got, all, table)
		}
	}
}

// killImport kills an import while it stores the rows of a table. A lock on the
// table keeps it from getting any further.
func killImport(t *testing.T, dir, url, table string) {
	t.Helper()
	conn := pgtest.Connect(t, url)
	pgtest.Execute(t, conn, "BEGIN", "LOCK TABLE roster."+table+" IN SHARE MODE")
	command := exec.Command("roster", "import", dir)
	command.Env = append(os.Environ(), quiet(url)...)
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), table+": ") {
			if err := command.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if err := command.Wait(); err == nil {
		t.Errorf("the import was not killed while it stored %s", table)
	}
	pgtest.Execute(t, conn, "COMMIT")
	expireImport(t, url)
}

func TestImportNamesOrganizationsWithoutAnOwner(t *testing.T) {
	t.Parallel()
	dir := dataSet(t, map[string]string{
		"plans.ndjson":         `{"code":"free","name":"Free"}`,
		"organizations.ndjson": `{"name":"Acme","slug":"acme","plan":"free"}`,
	})
	if got := mustRun(t, migrated.Database(t), "import", dir); !strings.Contains(got, "1 organization without an active owner: acme\n") {
		t.Errorf("got %s", got)
	}
}

func TestExportKeepsAFolderThatIsNotEmpty(t *testing.T) {
	t.Parallel()
	url, dir := migrated.Database(t), dataSet(t, map[string]string{"users.csv": "username,email\n"})
	code, _, stderr := roster(t, quiet(url), "export", dir)
	if code != 2 || !strings.Contains(stderr, "is not empty") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	mustRun(t, url, "export", dir, "--force")
	if _, err := os.Stat(filepath.Join(dir, "users.csv")); !os.IsNotExist(err) {
		t.Errorf("the folder holds users in both formats: %v", err)
	}
}
