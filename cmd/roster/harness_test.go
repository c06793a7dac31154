package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// migrated and empty make the databases of the tests.
var (
	migrated = pgtest.NewTemplate(migrate.Up)
	empty    = pgtest.NewTemplate(nil)
)

// TestMain makes this binary the program itself when a test runs it as roster.
func TestMain(m *testing.M) {
	testscript.Main(leakless{pgtest.Main{M: m}}, map[string]func(){"roster": observed})
}

// leakless fails if tests leave goroutines.
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

// noLimits are settings without time limits, so that tests pass on a slow machine.
// A test that is about one of them sets it after these. GORACE lets a program with
// the race detector end at once, not after a second.
func noLimits() []string {
	settings := []string{
		"GORACE=atexit_sleep_ms=0",
		"ROSTER_STATEMENT_TIMEOUT=0s", "ROSTER_LOCK_TIMEOUT=0s", "ROSTER_IDLE_IN_TRANSACTION_TIMEOUT=0s", "ROSTER_DRAIN_DELAY=0s",
		"ROSTER_LINGER=0s",
	}
	for _, name := range []string{
		"DATABASE_WAIT", "CONNECT_TIMEOUT", "HEADER_TIMEOUT", "READ_TIMEOUT", "WRITE_TIMEOUT", "STREAM_TIMEOUT", "SHUTDOWN",
	} {
		settings = append(settings, "ROSTER_"+name+"=1h")
	}
	return settings
}

// roster runs the program in this process until it ends.
func roster(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return rosterReading(t, "", environ, args...)
}

// rosterReading is roster with a text on the standard input.
func rosterReading(t *testing.T, input string, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = run(process{args: args, environ: pooled(t, environ), stdin: strings.NewReader(input), stdout: &out, stderr: &problems})
	return code, out.String(), problems.String()
}

// pooled lets settings lead through a pooler, if the environment of the tests says so.
func pooled(t *testing.T, environ []string) []string {
	t.Helper()
	var through []string
	if pgtest.Transactional() {
		// The timeouts are those of PgBouncer's connections. A test may set others after these.
		through = []string{
			"ROSTER_STATEMENTS=described", "ROSTER_STATEMENT_TIMEOUT=0s", "ROSTER_LOCK_TIMEOUT=0s", "ROSTER_IDLE_IN_TRANSACTION_TIMEOUT=0s",
		}
	}
	for _, variable := range environ {
		if address, ok := strings.CutPrefix(variable, "DATABASE_URL="); ok {
			variable = "DATABASE_URL=" + pgtest.Pooled(t, address)
		}
		through = append(through, variable)
	}
	return through
}

// instance is a roster serve in this process.
type instance struct {
	t       *testing.T
	url     string
	signals chan os.Signal
	ended   chan struct{}
	code    int
	log     *transcript
}

// launch starts roster serve on a free port. It is stopped at the end of the test
// if not before.
func launch(t *testing.T, environ ...string) *instance {
	t.Helper()
	return launchWith(t, append(append(noLimits(), "PORT=0", "ROSTER_LOG_FORMAT=json"), environ...))
}

// launchWith is launch with this environment and no more.
func launchWith(t *testing.T, environ []string) *instance {
	t.Helper()
	i := &instance{t: t, signals: make(chan os.Signal, 2), ended: make(chan struct{}), log: newTranscript()}
	p := process{
		args: []string{"serve"}, environ: pooled(t, environ),
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

// serve starts roster serve and waits until it serves.
func serve(t *testing.T, environ ...string) *instance {
	t.Helper()
	i := launch(t, environ...)
	i.awaitServing()
	return i
}

// awaitServing waits until the program serves.
func (i *instance) awaitServing() {
	i.t.Helper()
	line := i.awaitLog("Roster serves")
	var record struct{ URL string }
	if err := json.Unmarshal([]byte(line), &record); err != nil {
		i.t.Fatalf("the log has %q: %v", line, err)
	}
	i.url = record.URL
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
	i.signals <- syscall.SIGTERM
	return i.wait()
}

// wait waits for the end and returns the exit code.
func (i *instance) wait() int {
	<-i.ended
	return i.code
}

// awaitLog waits for a line of the log with the words, and returns the first one.
func (i *instance) awaitLog(words string) string {
	i.t.Helper()
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
			i.t.Fatalf("roster serve ended with %d and did not log %q; its log:\n%s", i.code, words, i.log)
		}
	}
}

// response is a received response.
type response struct {
	status int
	header http.Header
	body   string
}

// send sends a request. Headers are written as "Name: value".
func (i *instance) send(method, path, body string, headers ...string) (response, error) {
	request, err := http.NewRequest(method, i.url+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
		if name == "Host" {
			request.Host = value
		}
	}
	return do(http.DefaultClient, request)
}

func newRequestTo(t *testing.T, method, address, body string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return request
}

// do sends a request and reads the response.
func do(client *http.Client, request *http.Request) (response, error) {
	got, err := client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = got.Body.Close() }()
	content, err := io.ReadAll(got.Body)
	return response{got.StatusCode, got.Header, string(content)}, err
}

// expect sends a request and fails the test unless the response has the status.
func (i *instance) expect(status int, method, path, body string, headers ...string) response {
	i.t.Helper()
	got, err := i.send(method, path, body, headers...)
	if err != nil {
		i.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status != status {
		i.t.Fatalf("%s %s: status %d, not %d: %s", method, path, got.status, status, got.body)
	}
	return got
}
