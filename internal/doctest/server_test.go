package doctest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// startLog reads a server's log up to the line that names its address.
type startLog struct {
	mu    sync.Mutex
	text  bytes.Buffer
	rest  []byte
	known bool
	url   chan string
}

func (l *startLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	l.rest = append(l.rest, p...)
	for !l.known {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			break
		}
		l.rest = rest
		var entry struct{ URL string }
		if err := json.Unmarshal(line, &entry); err == nil && entry.URL != "" {
			l.known = true
			l.url <- entry.URL
		}
	}
	return len(p), nil
}

func (l *startLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// program builds cmd/roster and returns its path.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roster")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/roster")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// serve runs roster serve on a database until the test ends, and returns its URL.
func serve(t *testing.T, roster, database string) string {
	t.Helper()
	log := &startLog{url: make(chan string, 1)}
	server := exec.Command(roster, "serve", "--port", "0", "--log-format", "json") //nolint:noctx // ended by a signal
	server.Env = append(os.Environ(), "DATABASE_URL="+database, "ROSTER_DRAIN_DELAY=0s", "ROSTER_LINGER=0s")
	server.Stderr = log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	select {
	case url := <-log.url:
		t.Cleanup(func() {
			if err := server.Process.Signal(syscall.SIGTERM); err != nil {
				t.Error(err)
			}
			if err := <-ended; err != nil {
				t.Errorf("roster serve ended with %v; its log:\n%s", err, log)
			}
		})
		return url
	case err := <-ended:
		t.Fatalf("roster serve did not start: %v; its log:\n%s", err, log)
	}
	return ""
}
