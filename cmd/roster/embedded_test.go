package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// embeddedServer returns the settings of an embedded PostgreSQL in new folders.
func embeddedServer(t *testing.T) []string {
	t.Helper()
	folder, err := scratch.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := folder.Remove(); err != nil {
			t.Error(err)
		}
	})
	return []string{
		"ROSTER_DATA=" + filepath.Join(folder.Path, "data"), "ROSTER_RUNTIME=" + filepath.Join(folder.Path, "run"),
		"ROSTER_CACHE=" + filepath.Join(folder.Path, "cache"), "ROSTER_PG_REPOSITORY=" + os.Getenv("ROSTER_PG_REPOSITORY"),
	}
}

func TestWithoutADatabaseURLAnEmbeddedServerKeepsTheData(t *testing.T) {
	t.Parallel()
	settings := embeddedServer(t)
	first := serve(t, settings...)
	_, folder, _ := strings.Cut(settings[0], "=")
	if !strings.Contains(first.log.String(), folder) {
		t.Errorf("the log does not say where the data is:\n%s", first.log)
	}
	first.expect(201, "POST", "/users", createAda)

	other := launch(t, settings...)
	if code := other.wait(); code != exitFailed || !strings.Contains(other.log.String(), "in use") {
		t.Errorf("another Roster on the folder ended with %d:\n%s", code, other.log)
	}
	if code := first.stop(); code != exitDone {
		t.Fatalf("the exit code is %d:\n%s", code, first.log)
	}
	second := serve(t, settings...)
	if got := second.expect(200, "GET", "/users", ""); !strings.Contains(got.body, "ada@example.com") {
		t.Errorf("the user is gone: %s", got.body)
	}
}

func TestASecondSignalStopsTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	settings := embeddedServer(t)
	i := serve(t, append(settings, "ROSTER_SHUTDOWN=1h")...)
	begin(t, i)
	i.signals <- syscall.SIGTERM
	i.awaitLog("finishing the requests under way")
	i.signals <- syscall.SIGTERM
	if code := i.wait(); code != exitFailed {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
	// The folder is free: a server that ran on would hold it.
	again := serve(t, settings...)
	again.expect(200, "GET", "/readyz", "")
}

func TestTheEndOfTheEmbeddedServerEndsRoster(t *testing.T) {
	t.Parallel()
	settings := embeddedServer(t)
	i := serve(t, settings...)
	_, folder, _ := strings.Cut(settings[0], "=")
	pid, err := os.ReadFile(filepath.Join(folder, "cluster", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(pid), "\n")
	if out, err := exec.Command("kill", "-INT", first).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	if code := i.wait(); code != exitFailed || !strings.Contains(i.log.String(), "the PostgreSQL that Roster started has ended") {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}
