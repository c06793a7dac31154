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
	w := newWorld(t, edge)
	server := httptest.NewUnstartedServer(w.handler)
	server.Config.ReadTimeout = 300 * time.Millisecond
	server.Start()
	defer server.Close()
	t.Run("HEAD answers as GET does, without the body", func(t *testing.T) { testHead(t, server) })
	t.Run("an answer has its length", func(t *testing.T) {
		w.users.ListUsersFunc = func(context.Context, ports.ListUsers) (ports.Page[domain.User], error) {
			return ports.Page[domain.User]{Items: make([]domain.User, 500)}, nil
		}
		for _, path := range []string{"/users/" + adaID, "/users"} {
			answer := fetch(t, server, "GET", path, nil)
			if body := readAll(t, answer.Body); answer.ContentLength != int64(len(body)) {
				t.Errorf("%s has a length of %d, and %d bytes", path, answer.ContentLength, len(body))
			}
		}
	})
	t.Run("a body without a length is limited, too", func(t *testing.T) {
		answer := fetch(t, server, "POST", "/users", io.MultiReader(strings.NewReader(bob), strings.NewReader(strings.Repeat(" ", 1<<20))))
		if body := readAll(t, answer.Body); answer.StatusCode != 413 {
			t.Errorf("%d %s", answer.StatusCode, body)
		}
		answer = fetch(t, server, "POST", "/users", io.MultiReader(strings.NewReader(bob)))
		if body := readAll(t, answer.Body); answer.StatusCode != 201 {
			t.Errorf("%d %s", answer.StatusCode, body)
		}
	})
	t.Run("a body that does not arrive is given up", func(t *testing.T) {
		status, text := raw(t, server, "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"user")
		if status != 408 || !strings.Contains(text, "#too-slow") {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("a body with broken chunks is refused", func(t *testing.T) {
		status, text := raw(t, server, "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
		if status != 400 || !strings.Contains(text, "#unreadable") {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("a client older than HTTP/1.1 need not name a host", func(t *testing.T) {
		if status, text := raw(t, server, "GET /livez HTTP/1.0\r\n\r\n"); status != 200 {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("many at once do not share what is theirs", func(t *testing.T) { testSharing(t, w) })
}

func testHead(t *testing.T, server *httptest.Server) {
	for _, path := range []string{"/users", "/users/" + adaID, "/reports/engagement?" + window, "/livez", "/readyz", "/users/x", "/users?limit=0"} {
		get, head := fetch(t, server, "GET", path, nil), fetch(t, server, "HEAD", path, nil)
		body := readAll(t, get.Body)
		if none := readAll(t, head.Body); none != "" || body == "" {
			t.Errorf("HEAD %s has the body %q, GET %q", path, none, body)
		}
		if head.StatusCode != get.StatusCode || head.ContentLength != get.ContentLength {
			t.Errorf("HEAD %s: %d with a length of %d; GET: %d with %d", path, head.StatusCode, head.ContentLength, get.StatusCode, get.ContentLength)
		}
		for _, name := range []string{"Content-Type", "Cache-Control", "Vary"} {
			if got, want := head.Header.Get(name), get.Header.Get(name); got != want {
				t.Errorf("HEAD %s: %s is %q, to GET %q", path, name, got, want)
			}
		}
	}
}

// testSharing lets many requests run together, so that a buffer that is given
// back too early shows.
func testSharing(t *testing.T, w *world) {
	w.users.CreateUserFunc = func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, nil }
	finished := make(chan string)
	const callers = 16
	for caller := range callers {
		go func() {
			for i := range 100 {
				name := fmt.Sprintf("user-%d-%d", caller, i)
				r := httptest.NewRequest("POST", "/users", strings.NewReader(`{"username":"`+name+`","email":"`+name+`@example.com"}`))
				r.Host = "localhost"
				r.Header.Set("Content-Type", "application/json")
				answer := httptest.NewRecorder()
				w.handler.ServeHTTP(answer, r)
				if want := strings.Replace(newJSON, `bob","email":"bob@example.com","display_name":"bob`, name+`","email":"`+name+`@example.com","display_name":"`+name, 1); answer.Body.String() != want {
					finished <- fmt.Sprintf("%s got %s", name, answer.Body)
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

func fetch(t *testing.T, server *httptest.Server, method, path string, body io.Reader) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Encoding", "identity") // the client would ask for gzip
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// raw writes bytes to the server and returns the status and the text of the answer.
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
		t.Fatalf("no answer: %q: %v", text, err)
	}
	return status, text
}
