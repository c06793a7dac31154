package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// migrated and empty are the databases that tests run on.
var (
	migrated = pgtest.NewTemplate(migrate.Up)
	empty    = pgtest.NewTemplate(nil)
)

// TestMain makes this binary the program itself where a test runs it as roster.
func TestMain(m *testing.M) {
	testscript.Main(leakless{pgtest.Main{M: m}}, map[string]func(){"roster": main})
}

// leakless fails tests that leave goroutines behind.
type leakless struct{ tests pgtest.Main }

func (l leakless) Run() int {
	code := l.tests.Run()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// roster runs the program in this process, to its end.
func roster(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = run(process{args: args, environ: environ, stdin: strings.NewReader(""), stdout: &out, stderr: &problems})
	return code, out.String(), problems.String()
}

// instance is a roster serve that runs in this process.
type instance struct {
	t       *testing.T
	url     string
	signals chan os.Signal
	ended   chan struct{}
	code    int
	log     *transcript
}

// launch starts roster serve on a free port. It is ended with the test, if not
// before.
func launch(t *testing.T, environ ...string) *instance {
	t.Helper()
	i := &instance{t: t, signals: make(chan os.Signal, 2), ended: make(chan struct{}), log: newTranscript()}
	p := process{
		args: []string{"serve"}, environ: append([]string{"PORT=0", "ROSTER_LOG_FORMAT=json"}, environ...),
		signals: i.signals, stdin: strings.NewReader(""), stdout: io.Discard, stderr: i.log,
	}
	go func() {
		defer close(i.ended)
		i.code = run(p)
	}()
	t.Cleanup(func() {
		if !i.hasEnded() {
			i.stop()
		}
	})
	return i
}

// serve is launch, and waits until the instance serves.
func serve(t *testing.T, environ ...string) *instance {
	t.Helper()
	i := launch(t, environ...)
	line := i.awaitLog("Roster serves")
	var record struct{ URL string }
	if err := json.Unmarshal([]byte(line), &record); err != nil {
		t.Fatalf("the log has %q: %v", line, err)
	}
	i.url = record.URL
	return i
}

func (i *instance) hasEnded() bool {
	select {
	case <-i.ended:
		return true
	default:
		return false
	}
}

// stop sends SIGTERM and returns the exit code.
func (i *instance) stop() int {
	i.t.Helper()
	i.signals <- syscall.SIGTERM
	return i.wait()
}

func (i *instance) wait() int {
	i.t.Helper()
	select {
	case <-i.ended:
		return i.code
	case <-time.After(time.Minute):
		i.t.Fatalf("roster serve does not end; its log:\n%s", i.log)
		return 0
	}
}

// awaitLog returns the first line of the log with the words, written already or
// not.
func (i *instance) awaitLog(words string) string {
	i.t.Helper()
	ctx, cancel := context.WithTimeout(i.t.Context(), time.Minute)
	defer cancel()
	for {
		line, more := i.log.find(words)
		if line != "" {
			return line
		}
		select {
		case <-more:
		case <-i.ended:
			if line, _ := i.log.find(words); line != "" {
				return line
			}
			i.t.Fatalf("roster serve ended with %d and without saying %q; its log:\n%s", i.code, words, i.log)
		case <-ctx.Done():
			i.t.Fatalf("the log never says %q:\n%s", words, i.log)
		}
	}
}

// transcript keeps what is written to it.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{}
}

func newTranscript() *transcript { return &transcript{more: make(chan struct{})} }

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.text.Write(p)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// find returns the first line with the words, or a channel that is closed when
// there is more to look at.
func (l *transcript) find(words string) (string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, words) && strings.HasSuffix(line, "\n") {
			return line, l.more
		}
	}
	return "", l.more
}

// answer is what came back for a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; a header is "Name: value".
func (i *instance) ask(method, path, body string, headers ...string) (answer, error) {
	request, err := http.NewRequest(method, i.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
		if name == "Host" {
			request.Host = value
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(content)}, err
}

// expect is ask, and fails the test unless the answer has the status.
func (i *instance) expect(status int, method, path, body string, headers ...string) answer {
	i.t.Helper()
	got, err := i.ask(method, path, body, headers...)
	if err != nil {
		i.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status != status {
		i.t.Fatalf("%s %s: status %d, not %d: %s", method, path, got.status, status, got.body)
	}
	return got
}
