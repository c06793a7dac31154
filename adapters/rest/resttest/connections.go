package resttest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testConnections(t *testing.T, edge Edge) {
	const post = "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	w := newWorld(t, edge)
	server := httptest.NewServer(w.handler)
	defer server.Close()
	t.Run("HEAD answers as GET does, without the body", func(t *testing.T) { testHead(t, server) })
	t.Run("a response has its length", func(t *testing.T) {
		reply(&w.users.ListUsersFunc, ports.Page[domain.User]{Items: make([]domain.User, 500)}, nil)
		for _, path := range []string{"/users/" + adaID, "/users"} {
			response := fetch(t, server, "GET", path, nil)
			if body := readAll(t, response.Body); response.ContentLength != int64(len(body)) {
				t.Errorf("%s has a length of %d, and %d bytes", path, response.ContentLength, len(body))
			}
		}
	})
	t.Run("a body without a length is limited, too", func(t *testing.T) {
		response := fetch(t, server, "POST", "/users", io.MultiReader(strings.NewReader(bob+strings.Repeat(" ", 1<<20))))
		if body := readAll(t, response.Body); response.StatusCode != 413 {
			t.Errorf("%d %s", response.StatusCode, body)
		}
		response = fetch(t, server, "POST", "/users", io.MultiReader(strings.NewReader(bob)))
		if body := readAll(t, response.Body); response.StatusCode != 201 {
			t.Errorf("%d %s", response.StatusCode, body)
		}
	})
	t.Run("a body that does not arrive is refused", func(t *testing.T) {
		hasty := httptest.NewUnstartedServer(w.handler)
		hasty.Config.ReadHeaderTimeout, hasty.Config.ReadTimeout = time.Minute, 300*time.Millisecond
		hasty.Start()
		defer hasty.Close()
		status, text := raw(t, hasty, post+"Content-Length: 100\r\n\r\n{\"user")
		if status != 408 || !strings.Contains(text, "#too-slow") {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("a body with broken chunks is refused", func(t *testing.T) {
		status, text := raw(t, server, post+"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
		if status != 400 || !strings.Contains(text, "#unreadable") {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("a client older than HTTP/1.1 may omit the host", func(t *testing.T) {
		if status, text := raw(t, server, "GET /livez HTTP/1.0\r\n\r\n"); status != 200 {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("concurrent requests share no buffer", func(t *testing.T) { testSharing(t, w) })
}

func testHead(t *testing.T, server *httptest.Server) {
	for _, path := range []string{"/users", adaPath, "/reports/engagement?" + window, "/livez", "/readyz", "/users/x", "/users?limit=0"} {
		get, head := fetch(t, server, "GET", path, nil), fetch(t, server, "HEAD", path, nil)
		body := readAll(t, get.Body)
		if none := readAll(t, head.Body); none != "" || body == "" {
			t.Errorf("HEAD %s has the body %q, GET %q", path, none, body)
		}
		if head.StatusCode != get.StatusCode || head.ContentLength != get.ContentLength {
			t.Errorf("HEAD %s: %d with a length of %d; GET: %d with %d",
				path, head.StatusCode, head.ContentLength, get.StatusCode, get.ContentLength)
		}
		for _, name := range []string{"Content-Type", "Cache-Control", "Vary"} {
			if got, want := head.Header.Get(name), get.Header.Get(name); got != want {
				t.Errorf("HEAD %s: %s is %q, to GET %q", path, name, got, want)
			}
		}
	}
}

// testSharing runs many requests at once: a buffer that is reused too early shows
// in a response.
func testSharing(t *testing.T, w *world) {
	w.users.CreateUserFunc = func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, nil }
	finished := make(chan string)
	const callers = 16
	for caller := range callers {
		go func() {
			for i := range 100 {
				name := fmt.Sprintf("user-%d-%d", caller, i)
				response := w.send(newRequest(t.Context(), "POST", "/users", `{"username":"`+name+`","email":"`+name+`@example.com"}`))
				if want := strings.ReplaceAll(newJSON, "bob", name); response.Body.String() != want {
					finished <- fmt.Sprintf("%s got %s", name, response.Body)
					return
				}
			}
			finished <- ""
		}()
	}
	for range callers {
		if fault := <-finished; fault != "" {
			t.Error(fault)
		}
	}
}

// fetch sends a request over a connection. The headers are names and values in
// turn; without a value, the client may set its own.
func fetch(t *testing.T, server *httptest.Server, method, path string, body io.Reader, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Encoding", "identity") // the client would ask for gzip
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// raw sends bytes to the server and returns the status and the text of the response.
func raw(t *testing.T, server *httptest.Server, request string) (status int, text string) {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(connection, request); err != nil {
		t.Fatal(err)
	}
	text = readAll(t, connection)
	if _, err := fmt.Sscanf(text, "HTTP/1.%d %d", new(int), &status); err != nil {
		t.Fatalf("no response: %q: %v", text, err)
	}
	return status, text
}
