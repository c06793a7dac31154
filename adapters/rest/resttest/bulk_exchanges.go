package resttest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

// exchange is a running import over a connection.
type exchange struct {
	send     *io.PipeWriter
	results  *bufio.Reader
	response *http.Response
}

// startImport sends the first line of an import and waits for the response to begin.
func startImport(t *testing.T, server *httptest.Server, headers ...string) *exchange {
	t.Helper()
	body, send := io.Pipe()
	go func() { _, _ = io.WriteString(send, bob+"\n") }()
	response := fetch(t, server, "POST", "/bulk/users", body, append(headers, "Content-Type", ndjson)...)
	t.Cleanup(func() { _, _ = send.Close(), response.Body.Close() })
	return &exchange{send, bufio.NewReader(response.Body), response}
}

func (e *exchange) receives(t *testing.T, want string) {
	t.Helper()
	if got, err := e.results.ReadString('\n'); got != want {
		t.Errorf("got %q, want %q (%v)", got, want, err)
	}
}

func testDuplex(t *testing.T, edge Edge, version httpVersion) {
	w := newBulkWorld(t, edge)
	server := version.start(t, w.handler, func(s *http.Server) {
		s.ReadHeaderTimeout = time.Minute
		s.ReadTimeout, s.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	})
	t.Run("an export may take longer than a request", func(t *testing.T) {
		w.bulk.ExportKindFunc = func(ctx context.Context, _ ports.RecordKind, _ ports.RecordWriter) error {
			time.Sleep(400 * time.Millisecond)
			return ctx.Err()
		}
		response := fetch(t, server, "GET", "/bulk/users", nil)
		if body := readAll(t, response.Body); response.StatusCode != 200 {
			t.Errorf("%d %s", response.StatusCode, body)
		}
	})
	for _, coding := range []string{"identity", ""} { // without one, the client asks for gzip and decompresses it
		t.Run("encoded as "+coding, func(t *testing.T) {
			e := startImport(t, server, "Accept-Encoding", coding)
			e.receives(t, created1)
			time.Sleep(400 * time.Millisecond) // longer than a request may take that is no stream
			if _, err := io.WriteString(e.send, eve+bob); err != nil {
				t.Fatal(err)
			}
			e.receives(t, `{"line":2,"outcome":"exists"}`+"\n")
			if err := e.send.Close(); err != nil {
				t.Fatal(err)
			}
			e.receives(t, `{"line":3,"outcome":"created"}`+"\n")
			e.receives(t, `{"created":2,"exists":1,"rejected":0}`+"\n")
			if rest, err := io.ReadAll(e.results); len(rest) > 0 || err != nil {
				t.Errorf("then %q %v", rest, err)
			}
			if zipped := e.response.Uncompressed; zipped != (coding == "") {
				t.Errorf("the response was compressed: %v", zipped)
			}
		})
	}
}

func testCut(t *testing.T, edge Edge, version httpVersion) {
	w := newBulkWorld(t, edge)
	server := version.start(t, w.handler)
	w.bulk.ExportKindFunc = func(_ context.Context, _ ports.RecordKind, to ports.RecordWriter) error {
		for range 10_000 {
			if err := to.WriteUser(ports.UserRecord{User: ada()}); err != nil {
				return err
			}
		}
		return errors.New("a secret of the database")
	}
	for _, coding := range []string{"identity", "gzip"} {
		response := fetch(t, server, "GET", "/bulk/users", nil, "Accept-Encoding", coding)
		body, err := io.ReadAll(response.Body)
		if !version.isCut(err) || len(body) == 0 || strings.Contains(string(body), "secret") {
			t.Errorf("%s: %d bytes, and then %v", coding, len(body), err)
		}
		_ = response.Body.Close()
	}
	if logged := w.logs.String(); strings.Count(logged, "a secret of the database") != 2 {
		t.Errorf("logged %s", logged)
	}
	ended := make(chan error, 1)
	w.bulk.ExportKindFunc = func(_ context.Context, _ ports.RecordKind, to ports.RecordWriter) (err error) {
		for n := 0; n < 10_000 && err == nil; n++ {
			err = to.WriteUser(ports.UserRecord{User: ada()})
		}
		ended <- err
		return err
	}
	head := fetch(t, server, "HEAD", "/bulk/users", nil)
	if <-ended == nil {
		t.Error("HEAD: the whole collection is read")
	}
	if body := readAll(t, head.Body); head.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d %q", head.StatusCode, body)
	}
}

func testStalled(t *testing.T, edge Edge, version httpVersion) {
	w := newBulkWorld(t, edge, func(o *rest.Options) { o.StreamTimeout = 200 * time.Millisecond })
	server := version.start(t, w.handler)
	t.Run("before its first line", func(t *testing.T) {
		body, send := io.Pipe()
		defer func() { _ = send.Close() }()
		response := fetch(t, server, "POST", "/bulk/users", body, "Content-Type", ndjson)
		if text := readAll(t, response.Body); response.StatusCode != 408 || !strings.Contains(text, "#too-slow") {
			t.Errorf("%d %s", response.StatusCode, text)
		}
		if version == http2 && !reuses(t, server) {
			t.Error("the connection is closed, though others may have streams on it")
		}
	})
	t.Run("after its first line", func(t *testing.T) {
		e := startImport(t, server)
		e.receives(t, created1)
		if rest, err := io.ReadAll(e.results); len(rest) > 0 || err == nil {
			t.Errorf("then %q %v", rest, err)
		}
	})
	t.Run("that never reads", func(t *testing.T) {
		ended := make(chan error, 1)
		w.bulk.ExportKindFunc = func(_ context.Context, _ ports.RecordKind, to ports.RecordWriter) error {
			for {
				if err := to.WriteUser(ports.UserRecord{User: ada()}); err != nil {
					ended <- err
					return err
				}
			}
		}
		response := fetch(t, server, "GET", "/bulk/users", nil)
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "does not read") {
			t.Errorf("the export ended with %v", err)
		}
		_ = response.Body.Close()
	})
}

// testSlowStore has a store that takes longer than the client of a stream may.
func testSlowStore(t *testing.T, edge Edge, version httpVersion) {
	w := newBulkWorld(t, edge, func(o *rest.Options) { o.StreamTimeout = 200 * time.Millisecond })
	server := version.start(t, w.handler)
	w.bulk.ExportKindFunc = func(_ context.Context, _ ports.RecordKind, to ports.RecordWriter) error {
		for range 2000 { // more than is buffered
			if err := to.WriteUser(ports.UserRecord{User: ada()}); err != nil {
				return err
			}
		}
		time.Sleep(400 * time.Millisecond)
		return to.WriteUser(ports.UserRecord{User: ada()})
	}
	response := fetch(t, server, "GET", "/bulk/users", nil)
	if lines := strings.Count(readAll(t, response.Body), "\n"); lines != 2001 {
		t.Errorf("%d lines arrive", lines)
	}
}

func testDrained(t *testing.T, edge Edge, version httpVersion) {
	w := newBulkWorld(t, edge, func(o *rest.Options) { o.StreamTimeout = time.Hour })
	server := version.start(t, w.handler)
	e := startImport(t, server)
	e.receives(t, created1)
	w.api.Drain()
	w.api.Drain()
	if rest, err := io.ReadAll(e.results); len(rest) > 0 || !version.isCut(err) {
		t.Errorf("then %q %v", rest, err)
	}
	refused(t, w.ask(t, "POST", "/bulk/users", eve, "Content-Type", ndjson), 503, "unavailable")
}

// testDrainedHalfway ends the process while an import waits for a body whose
// announced length has not arrived: it would arrive within an hour, or never.
func testDrainedHalfway(t *testing.T, edge Edge) {
	w := newBulkWorld(t, edge, func(o *rest.Options) { o.StreamTimeout = time.Hour })
	server := httptest.NewServer(w.handler)
	defer server.Close()
	w.bulk.ImportFunc = func(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
		return fn(ctx, &portsmock.BulkWriterMock{AddUsersFunc: storing(how, func(ports.UserRecord) { w.api.Drain() })})
	}
	_, text := raw(t, server, "POST /bulk/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: "+ndjson+
		"\r\nContent-Length: 1000\r\n\r\n"+bob+"\n")
	if !strings.Contains(text, "shutting down") && !strings.Contains(text, created1) {
		t.Errorf("got %s", text)
	}
}
