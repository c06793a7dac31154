package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// kept is a connection that a client keeps open.
type kept struct {
	t *testing.T
	net.Conn
	responses *bufio.Reader
}

func dial(t *testing.T, url string) *kept {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &kept{t, conn, bufio.NewReader(conn)}
}

// get sends a request and returns whether the response asks to close the connection.
func (k *kept) get(path string, headers ...string) (status int, last bool) {
	k.t.Helper()
	text := "GET " + path + " HTTP/1.1\r\n" + strings.Join(append(headers, "Host: localhost", "", ""), "\r\n")
	if _, err := io.WriteString(k, text); err != nil {
		k.t.Fatal(err)
	}
	return k.receive()
}

func (k *kept) receive() (status int, last bool) {
	k.t.Helper()
	got, err := http.ReadResponse(k.responses, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, got.Body); err != nil {
		k.t.Fatal(err)
	}
	return got.StatusCode, got.Close
}

// expectEnd waits until the server closes the connection.
func (k *kept) expectEnd() {
	k.t.Helper()
	if text, err := io.ReadAll(k.responses); err != nil || len(text) > 0 {
		k.t.Errorf("the connection ends with %q, %v", text, err)
	}
}

// terminate sends SIGTERM and waits until no connection is accepted any more.
func (i *instance) terminate() {
	i.t.Helper()
	i.signals <- syscall.SIGTERM
	pgtest.Eventually(i.t, "the end of accepting", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimPrefix(i.url, "http://"), "https://"))
		if err == nil {
			_ = conn.Close()
		}
		return errors.Is(err, syscall.ECONNREFUSED)
	})
}

func TestEachResponseOfADrainAsksToClose(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=2h", "ROSTER_DRAIN_DELAY=1h", "ROSTER_LINGER=1h")
	unfinished, idle := begin(t, i), dial(t, i.url)
	if status, last := idle.get("/livez"); status != 200 || last {
		t.Errorf("before the drain: %d, closing %v", status, last)
	}
	i.signals <- syscall.SIGTERM
	i.awaitLog("finishing the requests under way")
	if response := unfinished.finish(); response.StatusCode != 201 || !response.Close {
		t.Errorf("the request under way: %d, closing %v", response.StatusCode, response.Close)
	}
	if status, last := idle.get("/users"); status != 200 || !last {
		t.Errorf("on an idle connection: %d, closing %v", status, last)
	}
	idle.expectEnd()
	for path, want := range map[string]int{
		"/livez": 200, "/readyz": 503, "/users": 200, "/users/1": 400, "/nothing": 404, "/docs": 200, "/%": 400, "/bulk/users": 200,
	} {
		client := dial(t, i.url)
		if status, last := client.get(path); status != want || !last {
			t.Errorf("%s: %d, closing %v", path, status, last)
		}
		client.expectEnd()
	}
	foreign := dial(t, i.url)
	if status, last := foreign.get("/users", "Origin: https://elsewhere.example.com"); status != 403 || !last {
		t.Errorf("a foreign page: %d, closing %v", status, last)
	}
	i.signals <- syscall.SIGTERM
	i.wait()
}

func TestARequestOnAnIdleConnectionIsAnsweredAfterTheEndOfAccepting(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=2h", "ROSTER_LINGER=1h")
	used, unused := dial(t, i.url), dial(t, i.url)
	used.get("/livez")
	i.terminate()
	for _, client := range []*kept{used, unused} {
		if status, last := client.get("/users"); status != 200 || !last {
			t.Errorf("%d, closing %v", status, last)
		}
		client.expectEnd()
	}
	// Its connections have ended, so that there is nothing to wait for.
	if code := i.wait(); code != exitDone {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}

func TestConnectionsWithoutARequestAreClosedAtTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signal   os.Signal
		settings []string
	}{
		"after the linger":           {syscall.SIGTERM, []string{"ROSTER_LINGER=20ms"}},
		"after Ctrl+C":               {syscall.SIGINT, []string{"ROSTER_LINGER=1h", "ROSTER_SHUTDOWN=2h"}},
		"after Ctrl+C, with a delay": {syscall.SIGINT, []string{"ROSTER_LINGER=1h", "ROSTER_SHUTDOWN=2h", "ROSTER_DRAIN_DELAY=1h"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := serve(t, append([]string{"DATABASE_URL=" + migrated.Database(t)}, c.settings...)...)
			used, unused := dial(t, i.url), dial(t, i.url)
			used.get("/livez")
			i.signals <- c.signal
			used.expectEnd()
			unused.expectEnd()
			if code := i.wait(); code != exitDone || strings.Contains(i.log.String(), "cut off") {
				t.Errorf("the exit code is %d:\n%s", code, i.log)
			}
		})
	}
}

func TestAClientOfHTTP2IsToldToLeave(t *testing.T) {
	t.Parallel()
	files := newTLSFiles(t)
	i := serve(t, append(files.settings(), "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=2h", "ROSTER_LINGER=1h")...)
	client := files.client(t, true)
	reused := false
	get := func() {
		t.Helper()
		trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", i.url+"/users", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := do(client, request); err != nil || got.status != 200 {
			t.Errorf("%d, %v", got.status, err)
		}
	}
	get()
	i.terminate()
	get()
	if !reused {
		t.Error("the second request had a new connection")
	}
	// The client keeps its connection, so that only GOAWAY lets the server end.
	if code := i.wait(); code != exitDone {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}

func TestAnIdleConnectionOfHTTP2GetsGOAWAY(t *testing.T) {
	t.Parallel()
	files := newTLSFiles(t)
	i := serve(t, append(files.settings(), "DATABASE_URL="+migrated.Database(t), "ROSTER_LINGER=20ms")...)
	client := dialHTTP2(t, strings.TrimPrefix(i.url, "https://"), files.config(t))
	client.settings()
	client.write(frameSettings, 0, 0, nil)
	client.get(1)
	for { // until the response
		kind, ok := client.next()
		if !ok {
			t.Fatal("the connection has ended")
		}
		if kind == frameHeaders {
			break
		}
	}
	i.signals <- syscall.SIGTERM
	var kinds []byte
	for kind, ok := client.next(); ok; kind, ok = client.next() {
		kinds = append(kinds, kind)
	}
	if !slices.Contains(kinds, frameGoAway) {
		t.Errorf("the server sent frames of the types %v, and no GOAWAY", kinds)
	}
	if code := i.wait(); code != exitDone {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}
