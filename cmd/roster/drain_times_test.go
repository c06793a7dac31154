package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roster-directory/roster/cmd/roster/drain"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// fakeAPI is an API that somebody has asked for /readyz, or not.
type fakeAPI struct {
	checked bool
	drained chan struct{}
}

func (a *fakeAPI) Drain() { close(a.drained) }

func (a *fakeAPI) IsChecked() bool { return a.checked }

func TestADrainWaitsForBalancersAndNotForPeople(t *testing.T) {
	t.Parallel()
	const delay, linger = 3 * time.Second, 5 * time.Second
	for name, c := range map[string]struct {
		cause         error
		checked, set  bool
		delay, linger time.Duration
	}{
		"SIGTERM":                          {&signalError{syscall.SIGTERM}, true, false, delay, linger},
		"SIGTERM, and nobody asks /readyz": {&signalError{syscall.SIGTERM}, false, false, 0, linger},
		"SIGTERM, and the delay is set":    {&signalError{syscall.SIGTERM}, false, true, delay, linger},
		"Ctrl+C":                           {&signalError{os.Interrupt}, true, true, 0, 0},
		"the end of the embedded database": {nil, true, true, 0, 0},
		"another cause than a signal":      {errors.New("another"), true, true, 0, 0},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		if c.cause != nil {
			cancel(c.cause)
		}
		s := &server{api: &fakeAPI{checked: c.checked}, delay: delay, linger: linger, alwaysDelay: c.set}
		if delay, linger := s.drainTimes(ctx); delay != c.delay || linger != c.linger {
			t.Errorf("%s: %v and %v", name, delay, linger)
		}
		cancel(nil)
	}
}

func TestTheDefaultDelayIsForServersThatAreChecked(t *testing.T) {
	t.Parallel()
	database := migrated.Database(t)
	for _, checked := range []bool{false, true} {
		environ := slices.DeleteFunc(noLimits(), func(entry string) bool { return strings.HasPrefix(entry, "ROSTER_DRAIN_DELAY=") })
		i := launchWith(t, append(environ, "PORT=0", "ROSTER_LOG_FORMAT=json", "DATABASE_URL="+database))
		i.awaitServing()
		want := `"delay":"0s"`
		if checked {
			i.expect(200, "GET", "/readyz", "")
			want = `"delay":"5s"`
		}
		i.signals <- syscall.SIGTERM
		if line := i.awaitLog("finishing the requests under way"); !strings.Contains(line, want) {
			t.Errorf("asked for /readyz: %v; logged %s", checked, line)
		}
		i.signals <- syscall.SIGTERM
		i.wait()
	}
}

// drainingServer is a server with a fake API, which stops within some time.
type drainingServer struct {
	api     *fakeAPI
	address string
	stop    func()
	ended   chan error
}

func startDraining(t *testing.T, within time.Duration, handler http.HandlerFunc) *drainingServer {
	t.Helper()
	api := &fakeAPI{drained: make(chan struct{})}
	server := newServer(settings.HTTP{Linger: time.Hour}, edge{Handler: handler}, slog.New(slog.DiscardHandler))
	server.api = api
	opened, err := open(t.Context(), settings.HTTP{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- server.serve(ctx, &drain.Listener{TCPListener: opened}, nil, newShutdown(ctx, t.Context(), within))
	}()
	return &drainingServer{api, opened.Addr().String(), func() { cancel(&signalError{syscall.SIGTERM}) }, ended}
}

// A response that began before the drain does not ask to close the connection, so that
// its client may send another request.
func TestAConnectionLingersAfterAResponseThatBeganBefore(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	server := startDraining(t, time.Hour, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		if r.URL.Path == "/slow" {
			<-goOn
		}
	})
	client := dial(t, server.address)
	if _, err := io.WriteString(client, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.responses.Peek(1); err != nil {
		t.Fatal(err)
	}
	server.stop()
	<-server.api.drained
	close(goOn)
	client.receive()
	if status, _ := client.get("/quick", "Connection: close"); status != 200 {
		t.Errorf("the next request got %d", status)
	}
	if err := <-server.ended; err != nil {
		t.Error(err)
	}
}

func TestConnectionsWithoutARequestAreClosedWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	server := startDraining(t, 50*time.Millisecond, func(http.ResponseWriter, *http.Request) {})
	used, unused := dial(t, server.address), dial(t, server.address)
	used.get("/")
	server.stop()
	used.expectEnd()
	unused.expectEnd()
	if err := <-server.ended; err != nil {
		t.Error(err)
	}
}
