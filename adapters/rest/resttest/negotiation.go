package resttest

import (
	"strings"
	"testing"
)

func testNegotiation(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for accept, fine := range map[string]bool{
		"application/json": true, "*/*": true, "text/html, */*;q=0.1": true, "application/*": true, "": true, "nonsense": true,
		"text/html": false, "application/json;q=0": false, "application/json;q=0, */*": false, "application/problem+json": false,
	} {
		t.Run(accept, func(t *testing.T) {
			response := w.ask(t, "GET", "/users/"+adaID, "", "Accept", accept)
			if fine {
				accepted(t, response, 200, adaJSON)
			} else {
				refused(t, response, 406, "not-acceptable")
			}
		})
	}
	t.Run("a request without an acceptable response changes nothing", func(t *testing.T) {
		refused(t, w.ask(t, "POST", "/users", bob, "Accept", "text/html"), 406, "not-acceptable")
		refused(t, w.ask(t, "PUT", "/users/"+adaID, bob, "Accept-Encoding", "*;q=0"), 406, "not-acceptable")
		if made, changed := len(w.users.CreateUserCalls()), len(w.users.ReplaceUserCalls()); made+changed > 0 {
			t.Errorf("%d users were made, %d changed", made, changed)
		}
	})
	t.Run("a response without a body has no type", func(t *testing.T) {
		accepted(t, w.ask(t, "DELETE", "/users/"+adaID, "", "Accept", "text/html"), 204, "")
		accepted(t, w.ask(t, "OPTIONS", "/users", "", "Accept", "text/html"), 204, "")
	})
	t.Run("a client that accepts no problem gets one", func(t *testing.T) {
		refused(t, w.ask(t, "GET", "/users/x", "", "Accept", "application/json"), 400, "parameter", "?id")
		refused(t, w.ask(t, "GET", "/nothing", "", "Accept", "application/json"), 404, "no-path")
	})
}

func testTargets(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	target := func(size int) string { return "/users?limit=" + strings.Repeat("1", size-len("/users?limit=")) }
	refused(t, w.ask(t, "GET", target(8192), ""), 400, "parameter", "?limit")
	for _, method := range []string{"GET", "POST", "OPTIONS", "PATCH"} {
		refused(t, w.ask(t, method, target(8193), ""), 414, "too-long")
	}
	refused(t, w.sendWith(t.Context(), t, "GET", "/users/"+strings.Repeat("x", 8192)), 414, "too-long")
	t.Run("a page may read why", func(t *testing.T) {
		response := w.ask(t, "GET", target(9000), "", "Origin", "http://localhost:5173")
		if got := response.Header().Get("Access-Control-Allow-Origin"); response.Code != 414 || got == "" {
			t.Errorf("%d, and Access-Control-Allow-Origin is %q", response.Code, got)
		}
	})
}
