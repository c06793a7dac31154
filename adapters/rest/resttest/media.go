package resttest

import (
	"strings"
	"testing"
)

func testMedia(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct{ name, header, value string }{
		{"no type", "Content-Type", ""},
		{"plain text", "Content-Type", "text/plain"},
		{"a form", "Content-Type", "application/x-www-form-urlencoded"},
		{"another JSON", "Content-Type", "application/merge-patch+json"},
		{"JSON in Latin-1", "Content-Type", "application/json; charset=iso-8859-1"},
		{"a malformed type", "Content-Type", "application/json; charset"},
		{"two types", "Content-Type", "application/json, text/plain"},
		{"a compressed body", "Content-Encoding", "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, w.ask(t, "POST", "/users", bob, c.header, c.value), 415, "media-type")
			refused(t, w.ask(t, "PUT", "/users/"+adaID, bob, c.header, c.value), 415, "media-type")
			refused(t, w.ask(t, "POST", "/users/search", `{"term":"x"}`, c.header, c.value), 415, "media-type")
		})
	}
	for _, fine := range []string{"application/json; charset=utf-8", "application/json;charset=UTF-8", `application/json; charset="utf-8"`} {
		if response := w.ask(t, "POST", "/users", bob, "Content-Type", fine); response.Code != 201 {
			t.Errorf("%s is refused: %d %s", fine, response.Code, response.Body)
		}
	}
	padded := func(size int) string { return bob + strings.Repeat(" ", size-len(bob)) }
	t.Run("a body of 1 MiB is read", func(t *testing.T) {
		accepted(t, w.ask(t, "POST", "/users", padded(1<<20)), 201, newJSON)
	})
	t.Run("a body of one byte more is not", func(t *testing.T) {
		refused(t, w.ask(t, "POST", "/users", padded(1<<20+1)), 413, "too-large")
		refused(t, w.ask(t, "PUT", "/users/"+adaID, padded(1<<20+1)), 413, "too-large")
		refused(t, w.ask(t, "POST", "/users/search", padded(1<<20+1)), 413, "too-large")
	})
	t.Run("a byte order mark is skipped", func(t *testing.T) {
		for _, c := range []struct{ method, target, body string }{
			{"POST", "/users", bob}, {"PUT", adaPath, bob}, {"PATCH", adaPath, "{}"}, {"POST", "/users/search", `{"term":"x"}`},
		} {
			if response := w.send(newRequest(t.Context(), c.method, c.target, "\ufeff"+c.body)); response.Code >= 300 {
				t.Errorf("%s %s is refused: %d %s", c.method, c.target, response.Code, response.Body)
			}
		}
	})
	t.Run("an empty body is no JSON", func(t *testing.T) {
		refused(t, w.ask(t, "POST", "/users", "", "Content-Type", "application/json"), 400, "unreadable")
	})
}
