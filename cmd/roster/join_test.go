package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestCommandsWorkBesideAServerWithAnEmbeddedDatabase(t *testing.T) {
	t.Parallel()
	settings := append(embeddedServer(t), noLimits()...)
	i := serve(t, settings...)
	folder := filepath.Join(t.TempDir(), "people")
	for _, each := range []struct{ command, want string }{
		{"key create --name billing --scope read", "roster_"},
		{"key list", "billing"},
		{"sample " + folder + " --users 20 --events 50", "written to"},
		{"import " + folder, "users"},
		{"engagement check", "the rollups are right"},
		{"engagement rebuild", "rebuilt the rollups"},
		{"migrate status", "applied"},
		{"migrate up", "nothing to apply"},
		{"export " + folder + " --force", "20  users"},
	} {
		code, out, problems := roster(t, settings, strings.Fields(each.command)...)
		if code != exitDone || !strings.Contains(out, each.want) || strings.Contains(problems, "PostgreSQL started") {
			t.Errorf("%s ended with %d, %s%s", each.command, code, out, problems)
		}
	}
	if got := i.expect(200, "GET", "/users?limit=100", ""); strings.Count(got.body, `"username"`) != 20 {
		t.Errorf("the server shows %s", got.body)
	}
}

func TestACommandWaitsForAServerThatStarts(t *testing.T) {
	t.Parallel()
	settings := append(embeddedServer(t), noLimits()...)
	i := launch(t, settings...)
	i.awaitLog("making a new data folder")
	if code, _, problems := roster(t, settings, "key", "create", "--name", "billing", "--scope", "read"); code != exitDone {
		t.Errorf("it ended with %d: %s", code, problems)
	}
	i.awaitLog("Roster serves")
}

func TestAServerWaitsForACommandThatRunsTheDatabase(t *testing.T) {
	t.Parallel()
	settings := append(embeddedServer(t), noLimits()...)
	if code, _, problems := roster(t, settings, "migrate", "up"); code != exitDone {
		t.Fatal(code, problems)
	}
	folder := filepath.Join(t.TempDir(), "people")
	if code, _, problems := roster(t, settings, "sample", folder, "--users", "2000", "--events", "5000"); code != exitDone {
		t.Fatal(code, problems)
	}
	command, ended := newTranscript(), make(chan int)
	go func() {
		ended <- run(process{args: []string{"import", folder}, environ: settings, stdout: io.Discard, stderr: command})
	}()
	for {
		line, more := command.find("PostgreSQL started")
		if line != "" {
			break
		}
		<-more
	}
	i := serve(t, settings...)
	if code := <-ended; code != exitDone {
		t.Errorf("the command ended with %d: %s", code, command)
	}
	i.expect(200, "GET", "/users", "")
}

func TestCommandsAtTheSameTimeShareAServer(t *testing.T) {
	t.Parallel()
	settings := append(embeddedServer(t), noLimits()...)
	if code, _, problems := roster(t, settings, "migrate", "up"); code != exitDone {
		t.Fatal(code, problems)
	}
	const commands = 6
	var all sync.WaitGroup
	for range commands {
		all.Go(func() {
			if code, _, problems := roster(t, settings, "key", "create", "--name", "billing", "--scope", "read"); code != exitDone {
				t.Errorf("it ended with %d: %s", code, problems)
			}
		})
	}
	all.Wait()
	if _, out, _ := roster(t, settings, "key", "list"); strings.Count(out, "billing") != commands {
		t.Errorf("the keys are\n%s", out)
	}
}

func TestAnImportWhoseServerStopsSaysSoAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	settings := append(embeddedServer(t), noLimits()...)
	i := serve(t, settings...)
	folder := filepath.Join(t.TempDir(), "people")
	if code, _, problems := roster(t, settings, "sample", folder, "--users", "20", "--events", "50"); code != exitDone {
		t.Fatal(code, problems)
	}
	url := joinedURL(t, settings)
	holdUsers(t, url)
	var code int
	var problems string
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		code, _, problems = roster(t, settings, "import", folder)
	}()
	awaitWaiting(t, url)
	if stopped := i.stop(); stopped != exitDone {
		t.Errorf("roster serve ended with %d:\n%s", stopped, i.log)
	}
	<-ended
	if code != exitFailed || !strings.Contains(problems, "whose embedded PostgreSQL this command used") {
		t.Errorf("the import ended with %d: %s", code, problems)
	}
	code, out, problems := roster(t, settings, "import", folder)
	if code != exitDone || !strings.Contains(out, "users") {
		t.Errorf("the second import ended with %d: %s%s", code, out, problems)
	}
	again := serve(t, settings...)
	if got := again.expect(200, "GET", "/users?limit=100", ""); strings.Count(got.body, `"username"`) != 20 {
		t.Errorf("the users are %s", got.body)
	}
}

// joinedURL is the address of the database of a running embedded server.
func joinedURL(t *testing.T, environ []string) string {
	t.Helper()
	values := parseEnvironment(environ)
	_, guest, err := embedded.StartOrJoin(t.Context(), embedded.Options{DataDir: values["ROSTER_DATA"], RuntimeDir: values["ROSTER_RUNTIME"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guest.Leave)
	return guest.URL(databaseName)
}

// holdUsers locks the table of users until the server ends.
func holdUsers(t *testing.T, url string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) }) // the server has ended
	if _, err := connection.Exec(t.Context(), "BEGIN; LOCK TABLE roster.users IN EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
}

// awaitWaiting returns when a statement waits for a lock.
func awaitWaiting(t *testing.T, url string) {
	t.Helper()
	pgtest.Eventually(t, "a wait for a lock", func() bool {
		return query[int](t, url, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0
	})
}
