package resttest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
)

// Serve puts the API's middleware around an edge's router, which has one handler
// for a pattern such as "POST /stream".
type Serve func(api *rest.API, pattern string, handler http.HandlerFunc) http.Handler

// RunStreams tests how an edge's writer carries streams: http.ResponseController
// must reach the connection.
func RunStreams(t *testing.T, serve Serve) {
	for _, coding := range []string{"gzip", "identity"} {
		t.Run("a response is read while the request is sent, "+coding, func(t *testing.T) { testFullDuplex(t, serve, coding) })
	}
	t.Run("a read has a deadline", func(t *testing.T) {
		testDeadline(t, serve, func(w http.ResponseWriter, r *http.Request) error {
			if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
				return err
			}
			_, err := io.Copy(io.Discard, r.Body)
			return err
		})
	})
	t.Run("a write has a deadline", func(t *testing.T) {
		testDeadline(t, serve, func(w http.ResponseWriter, _ *http.Request) error {
			control := http.NewResponseController(w)
			if err := errors.Join(control.EnableFullDuplex(), control.SetWriteDeadline(time.Now().Add(-time.Second))); err != nil {
				return err
			}
			_, err := w.Write(make([]byte, 1<<20)) // more than is buffered
			return err
		})
	})
}

// streaming starts a server with one handler for POST /stream.
func streaming(t *testing.T, serve Serve, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	w := newWorld(t, func(*rest.API) http.Handler { return nil })
	server := httptest.NewUnstartedServer(serve(w.api, "POST /stream", handler))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // cut connections are meant
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// testFullDuplex sends a line only after the response to the one before.
func testFullDuplex(t *testing.T, serve Serve, coding string) {
	server := streaming(t, serve, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := control.EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			_, _ = io.WriteString(w, "heard "+lines.Text()+"\n")
			if err := control.Flush(); err != nil {
				t.Error(err)
			}
		}
	})
	body, sending := io.Pipe()
	go func() { _, _ = io.WriteString(sending, "first\n") }()
	ctx, giveUp := context.WithTimeout(t.Context(), 10*time.Second) // rather than hang where an edge holds responses back
	defer giveUp()
	r, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/stream", body)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client() // it asks for gzip by itself, and unzips
	if coding == "identity" {
		r.Header.Set("Accept-Encoding", coding)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewReader(response.Body)
	for _, each := range []string{"first", "second", "third"} {
		if got, err := lines.ReadString('\n'); err != nil || got != "heard "+each+"\n" {
			t.Fatalf("%s was answered with %q: %v", each, got, err)
		}
		if next, ok := map[string]string{"first": "second", "second": "third"}[each]; ok {
			_, _ = io.WriteString(sending, next+"\n")
		}
	}
	_ = sending.Close()
	if left, err := io.ReadAll(lines); err != nil || len(left) > 0 || response.Uncompressed != (coding == "gzip") {
		t.Errorf("%q is left: %v; %v", left, err, response.Header)
	}
}

// testDeadline checks that a handler's call ends at its deadline.
func testDeadline(t *testing.T, serve Serve, do func(http.ResponseWriter, *http.Request) error) {
	t.Helper()
	ended := make(chan error, 1)
	body, sending := io.Pipe()
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	server := streaming(t, serve, func(w http.ResponseWriter, r *http.Request) {
		ended <- do(w, r)
		_ = sending.Close()
		giveUp() // the client need not find out that nothing comes
	})
	r, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/stream", io.MultiReader(strings.NewReader("half a line"), body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err == nil {
		_ = response.Body.Close()
	}
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
}
