package resttest

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func testRouting(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	methods := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "get"}
	for path, allow := range map[string]string{
		"/users":              "GET, HEAD, OPTIONS, POST",
		adaPath:               "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
		"/users/search":       "OPTIONS, POST",
		"/users/lookup":       "OPTIONS, POST",
		adaPath + "/restore":  "OPTIONS, POST",
		adaPath + "/erase":    "OPTIONS, POST",
		adaOrganizations:      "GET, HEAD, OPTIONS",
		"/reports/engagement": "GET, HEAD, OPTIONS",
		"/livez":              "GET, HEAD, OPTIONS",
		"/readyz":             "GET, HEAD, OPTIONS",
	} {
		for _, method := range methods {
			if contains(allow, method) {
				continue
			}
			t.Run(method+" "+path, func(t *testing.T) {
				response := w.ask(t, method, path, "")
				refused(t, response, 405, "method")
				if got := response.Header().Get("Allow"); got != allow {
					t.Errorf("Allow is %q, want %q", got, allow)
				}
			})
		}
		t.Run("OPTIONS "+path, func(t *testing.T) {
			response := w.ask(t, "OPTIONS", path, "")
			accepted(t, response, 204, "")
			if got := response.Header().Get("Allow"); got != allow {
				t.Errorf("Allow is %q, want %q", got, allow)
			}
		})
	}
	t.Run("refusals name the types that are read", func(t *testing.T) { testReadTypes(t, w) })
	t.Run("an unnecessary escape is the same path", func(t *testing.T) {
		accepted(t, w.ask(t, "GET", "/%75sers/"+"%30"+adaID[1:], ""), 200, adaJSON)
	})
	for _, path := range []string{
		"/", "/user", "/users/", "/users/" + adaID + "/", "/users/search/", "/Users", adaPath + "/x", adaPath + "/restore/", "//users",
		"/users//" + adaID,
		"/./users", "/reports/../users", "/users/.", "/users/..", "/reports", "/reports/", "/livez/", "/favicon.ico", "/%75sers/",
		"/users%2F" + adaID, "/users/" + adaID + "%2F..", "/users/%2f", "/%2e%2e/users", "/%75sers%2f",
	} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			t.Run(method+" "+path, func(t *testing.T) {
				response := w.sendWith(t.Context(), t, method, path)
				refused(t, response, 404, "no-path")
				if got := response.Header().Get("Location"); got != "" {
					t.Errorf("it leads to %q", got)
				}
			})
		}
	}
}

// testReadTypes covers the headers of OPTIONS and of a 415.
func testReadTypes(t *testing.T, w *world) {
	t.Run("OPTIONS and a refusal name the types of a patch", func(t *testing.T) {
		const types = "application/merge-patch+json, application/json"
		refusal := w.ask(t, "PATCH", "/users/"+adaID, "{}", "Content-Type", "application/json-patch+json")
		refused(t, refusal, 415, "media-type")
		for _, response := range []*httptest.ResponseRecorder{refusal, w.ask(t, "OPTIONS", "/users/"+adaID, "")} {
			if got := response.Header().Get("Accept-Patch"); got != types {
				t.Errorf("%d: Accept-Patch is %q", response.Code, got)
			}
		}
		if got := w.ask(t, "OPTIONS", "/users", "").Header().Get("Accept-Patch"); got != "" {
			t.Errorf("a path without PATCH has Accept-Patch %q", got)
		}
	})
	t.Run("the refusal of an encoded body names the encodings that are read", func(t *testing.T) {
		response := w.ask(t, "POST", "/users", bob, "Content-Encoding", "gzip")
		refused(t, response, 415, "media-type")
		if got := response.Header().Get("Accept-Encoding"); got != "identity" {
			t.Errorf("Accept-Encoding is %q", got)
		}
	})
}

// contains reports whether a header's list has the name.
func contains(list, name string) bool {
	return slices.Contains(strings.Split(list, ", "), name)
}
