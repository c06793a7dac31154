package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ownServer returns the settings of a PostgreSQL of Roster's own in new folders.
func ownServer(t *testing.T) []string {
	t.Helper()
	dir, err := os.MkdirTemp("", "roster-serve-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	// Where tests run as root, the server runs as another user.
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return []string{
		"ROSTER_DATA=" + filepath.Join(dir, "data"), "ROSTER_RUNTIME=" + filepath.Join(dir, "run"),
		"ROSTER_CACHE=" + filepath.Join(dir, "cache"), "ROSTER_PG_REPOSITORY=" + os.Getenv("ROSTER_PG_REPOSITORY"),
	}
}

func TestWithoutADatabaseURLRosterBringsItsOwnAndKeepsTheData(t *testing.T) {
	t.Parallel()
	own := ownServer(t)
	first := serve(t, own...)
	_, folder, _ := strings.Cut(own[0], "=")
	if !strings.Contains(first.log.String(), folder) {
		t.Errorf("the log does not say where the data is:\n%s", first.log)
	}
	first.expect(201, "POST", "/users", `{"username":"ada","email":"ada@example.com"}`)

	other := launch(t, own...)
	if code := other.wait(); code != exitFailed || !strings.Contains(other.log.String(), "in use") {
		t.Errorf("another Roster on the folder ended with %d:\n%s", code, other.log)
	}
	if code := first.stop(); code != exitDone {
		t.Fatalf("the exit code is %d:\n%s", code, first.log)
	}
	second := serve(t, own...)
	if got := second.expect(200, "GET", "/users", ""); !strings.Contains(got.body, "ada@example.com") {
		t.Errorf("the user is gone: %s", got.body)
	}
}

func TestASecondSignalStopsRostersOwnServerToo(t *testing.T) {
	t.Parallel()
	own := ownServer(t)
	i := serve(t, append(own, "ROSTER_SHUTDOWN=1h")...)
	begin(t, i, `{"username":"ada","email":"ada@example.com"}`)
	i.signals <- syscall.SIGTERM
	i.awaitLog("finishing the requests under way")
	i.signals <- syscall.SIGTERM
	if code := i.wait(); code != exitFailed {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
	// The folder is free: a server that ran on would hold it.
	again := serve(t, own...)
	again.expect(200, "GET", "/readyz", "")
}

func TestTheEndOfRostersOwnServerEndsRoster(t *testing.T) {
	t.Parallel()
	own := ownServer(t)
	i := serve(t, own...)
	_, folder, _ := strings.Cut(own[0], "=")
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
