package resttest

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// testDraining lets each kind of response of a process that shuts down ask the client
// to close the connection.
func testDraining(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	server := httptest.NewServer(w.handler)
	defer server.Close()
	requests := []struct {
		method, path string
		headers      []string
	}{
		{"GET", "/livez", nil},
		{"GET", "/readyz", nil},
		{"HEAD", "/users/" + adaID, nil},
		{"GET", "/users/" + adaID, []string{"If-None-Match", `"1"`}},
		{"GET", "/users", []string{"Accept-Encoding", "gzip"}},
		{"GET", "/users?limit=0", nil},
		{"DELETE", "/livez", nil},
		{"GET", "/nothing", nil},
		{"GET", "/docs", nil},
		{"GET", "/bulk/users", nil},
		{"GET", "/users", []string{"Origin", "https://elsewhere.example.com"}},
		{"OPTIONS", "/users", []string{"Origin", "http://localhost:5173", "Access-Control-Request-Method", "GET"}},
	}
	for _, drained := range []bool{false, true} {
		if drained {
			w.api.Drain()
		}
		for _, each := range requests {
			request, err := http.NewRequestWithContext(t.Context(), each.method, server.URL+each.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(each.headers); i += 2 {
				request.Header.Set(each.headers[i], each.headers[i+1])
			}
			response, err := server.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			readAll(t, response.Body)
			if response.Close != drained {
				t.Errorf("draining %v: %s %s: status %d, closing %v", drained, each.method, each.path, response.StatusCode, response.Close)
			}
		}
	}
}

func testChecks(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "GET", "/livez", "")
	if w.api.IsChecked() {
		t.Error("it is checked before a request to /readyz")
	}
	w.ask(t, "GET", "/readyz", "")
	if !w.api.IsChecked() {
		t.Error("it is not checked after a request to /readyz")
	}
}
