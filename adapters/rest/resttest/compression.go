package resttest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testCompression(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	size := 50
	w.users.ListUsersFunc = func(context.Context, ports.ListUsers) (ports.Page[domain.User], error) {
		users := make([]domain.User, size)
		for i := range users {
			users[i] = ada()
		}
		return ports.Page[domain.User]{Items: users}, nil
	}
	plain := w.ask(t, "GET", "/users", "")
	for accept, zipped := range map[string]bool{
		"gzip": true, "gzip, deflate, br": true, "*": true, "identity;q=0, *": true,
		"": false, "identity": false, "br": false, "gzip;q=0": false, "gzip;q=0.5, identity": false,
	} {
		t.Run(accept, func(t *testing.T) {
			response := w.ask(t, "GET", "/users", "", "Accept-Encoding", accept)
			if got := response.Header().Get("Content-Encoding") == "gzip"; got != zipped {
				t.Errorf("the response is compressed: %v", got)
			}
			if length := response.Header().Get("Content-Length"); length != strconv.Itoa(response.Body.Len()) {
				t.Errorf("the length is %q, of %d", length, response.Body.Len())
			}
			if got := unzipped(t, response).Body.String(); got != plain.Body.String() {
				t.Errorf("the response is %s", got)
			}
			if zipped && response.Body.Len() > plain.Body.Len()/4 {
				t.Errorf("%d bytes of %d are left", response.Body.Len(), plain.Body.Len())
			}
		})
	}
	t.Run("small responses are sent as they are", func(t *testing.T) {
		for _, c := range []struct{ method, target, body string }{
			{"GET", "/users/" + adaID, ""},
			{"GET", "/livez", ""},
			{"POST", "/users", bob},
			{"GET", "/nothing", ""},
			{"DELETE", "/users/" + adaID, ""},
		} {
			asked := w.ask(t, c.method, c.target, c.body, "Accept-Encoding", "gzip", "X-Request-Id", "mine")
			want := w.ask(t, c.method, c.target, c.body, "X-Request-Id", "mine")
			if asked.Code != want.Code || asked.Body.String() != want.Body.String() || asked.Header().Get("Content-Encoding") != "" {
				t.Errorf("%s %s: %d %v %s", c.method, c.target, asked.Code, asked.Header(), asked.Body)
			}
		}
	})
	t.Run("small responses are compressed where the client accepts nothing else", func(t *testing.T) {
		response := w.ask(t, "GET", "/users/"+adaID, "", "Accept-Encoding", "gzip, *;q=0")
		if got := unzipped(t, response).Body.String(); response.Header().Get("Content-Encoding") != "gzip" || got != adaJSON {
			t.Errorf("%v %s", response.Header(), got)
		}
	})
	t.Run("over a connection", func(t *testing.T) {
		server := httptest.NewServer(w.handler)
		defer server.Close()
		for _, each := range []int{1, 5, 50, 1000} {
			size = each
			testCompressedHead(t, server)
		}
	})
}

// testCompressedHead compares HEAD to GET.
func testCompressedHead(t *testing.T, server *httptest.Server) {
	t.Helper()
	var responses [2]*http.Response
	for i, method := range []string{"GET", "HEAD"} {
		responses[i] = fetch(t, server, method, "/users?limit=1000", nil, "Accept-Encoding", "gzip")
	}
	get, head := responses[0], responses[1]
	body := readAll(t, get.Body)
	if none := readAll(t, head.Body); none != "" || get.ContentLength != int64(len(body)) || head.ContentLength != get.ContentLength {
		t.Errorf("GET has %d bytes and a length of %d, HEAD %d and %d", len(body), get.ContentLength, len(none), head.ContentLength)
	}
	for _, name := range []string{"Content-Encoding", "Content-Type", "Vary", "Cache-Control", "Etag"} {
		if got, want := head.Header.Get(name), get.Header.Get(name); got != want {
			t.Errorf("HEAD: %s is %q, to GET %q", name, got, want)
		}
	}
	if vary := get.Header.Get("Vary"); !strings.Contains(vary, "Accept-Encoding") {
		t.Errorf("Vary is %q", vary)
	}
}
