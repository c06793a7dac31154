package resttest

import (
	"net/http"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
)

func testGuard(t *testing.T, edge Edge) {
	t.Run("hosts", func(t *testing.T) { testHosts(t, edge) })
	t.Run("origins", func(t *testing.T) { testOrigins(t, edge) })
	t.Run("pages", func(t *testing.T) { testPages(t, edge) })
	t.Run("what a page may read", func(t *testing.T) {
		exposed := newWorld(t, edge).ask(t, "GET", "/livez", "", "Origin", "http://localhost:5173").Header().Get("Access-Control-Expose-Headers")
		for _, name := range []string{
			"Deprecation", "ETag", "Link", "Location", "Preference-Applied", "RateLimit", "RateLimit-Policy",
			"Retry-After", "Sunset", "traceresponse", "X-Request-Id", "X-Total-Count", "X-Total-Kind",
		} {
			if !contains(exposed, name) {
				t.Errorf("a page may not read %s", name)
			}
		}
	})
	t.Run("preflights", func(t *testing.T) { testPreflights(t, edge) })
}

func testHosts(t *testing.T, edge Edge) {
	strict := newWorld(t, edge)
	wider := newWorld(t, edge, func(o *rest.Options) { o.AllowedHosts = []string{"Roster.example.com", "192.0.2.7"} })
	open := newWorld(t, edge, func(o *rest.Options) { o.AllowedHosts = []string{"*"} })
	for _, c := range []struct {
		host            string
		strictly, wider bool
	}{
		{"localhost", true, true},
		{"LOCALHOST:3000", true, true},
		{"roster.localhost:3000", true, true},
		{"127.0.0.1", true, true},
		{"127.1.2.3:80", true, true},
		{"[::1]", true, true},
		{"[::1]:3000", true, true},
		{"roster.example.com:3000", false, true},
		{"192.0.2.7", false, true},
		{"evil.example.com", false, false},
		{"localhost.example.com", false, false},
		{"127.0.0.1.example.com:3000", false, false},
		{"notlocalhost", false, false},
		{"0.0.0.0:3000", false, false},
		{"[::]:3000", false, false},
		{"[::1", false, false},
		{"[::1]x", false, false},
		{"a:b:c", false, false},
	} {
		t.Run(c.host, func(t *testing.T) {
			for w, allowed := range map[*world]bool{strict: c.strictly, wider: c.wider, open: true} {
				response := w.ask(t, "GET", "/livez", "", "Host", c.host)
				if allowed {
					accepted(t, response, 200, `{"status":"ok"}`)
				} else {
					refused(t, response, 421, "host")
				}
			}
		})
	}
}

func testOrigins(t *testing.T, edge Edge) {
	strict := newWorld(t, edge)
	wider := newWorld(t, edge, func(o *rest.Options) { o.AllowedOrigins = []string{"https://app.example.com"} })
	open := newWorld(t, edge, func(o *rest.Options) { o.AllowedOrigins = []string{"*"} })
	for _, c := range []struct {
		origin          string
		strictly, wider bool
	}{
		{"http://localhost:5173", true, true},
		{"https://localhost", true, true},
		{"http://127.0.0.1:3000", true, true},
		{"http://[::1]:8080", true, true},
		{"https://app.example.com", false, true},
		{"http://app.example.com", false, false},
		{"https://app.example.com:444", false, false},
		{"https://app.example.com.evil.example", false, false},
		{"https://localhost.evil.example", false, false},
		{"null", false, false},
		{"file://localhost", false, false},
		{"chrome-extension://127.0.0.1", false, false},
		{"", false, false},
	} {
		t.Run(c.origin, func(t *testing.T) {
			for w, allowed := range map[*world]bool{strict: c.strictly, wider: c.wider, open: true} {
				response := w.ask(t, "POST", "/users", bob, "Origin", c.origin)
				got := response.Header().Get("Access-Control-Allow-Origin")
				switch {
				case !allowed:
					refused(t, response, 403, "origin")
					if got != "" {
						t.Errorf("the page may read: %q", got)
					}
				case response.Code != 201:
					t.Errorf("%d %s", response.Code, response.Body)
				case w == open && got != "*", w != open && got != c.origin:
					t.Errorf("Access-Control-Allow-Origin is %q", got)
				}
				if vary := response.Header().Get("Vary"); contains(vary, "Origin") != (w != open) || !contains(vary, "Accept-Encoding") {
					t.Errorf("Vary is %q", vary)
				}
			}
		})
	}
}

// testPages covers the other headers that pages send.
func testPages(t *testing.T, edge Edge) {
	t.Run("a write of a foreign page does not reach the store", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "POST", "/users", bob, "Origin", "https://evil.example.com")
		w.ask(t, "POST", "/users", bob, "Sec-Fetch-Site", "cross-site")
		w.ask(t, "DELETE", "/users/"+adaID, "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
		if made, gone := len(w.users.CreateUserCalls()), len(w.users.DeleteUserCalls()); made+gone > 0 {
			t.Errorf("a foreign page made %d users and deleted %d", made, gone)
		}
	})
	t.Run("a page that Roster's own host serves may use it", func(t *testing.T) {
		w := newWorld(t, edge, func(o *rest.Options) { o.AllowedHosts = []string{"roster.example.com"} })
		response := w.ask(t, "POST", "/users", bob, "Host", "roster.example.com", "Origin", "https://roster.example.com")
		accepted(t, response, 201, newJSON)
	})
	t.Run("an image of a foreign page is refused, a link is not", func(t *testing.T) {
		strict := newWorld(t, edge)
		refused(t, strict.ask(t, "GET", "/users", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), 403, "origin")
		for _, headers := range [][]string{
			{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"},
			{"Sec-Fetch-Site", "same-origin"},
			{"Sec-Fetch-Site", "none"},
		} {
			if response := strict.ask(t, "GET", "/livez", "", headers...); response.Code != 200 {
				t.Errorf("%v: %d %s", headers, response.Code, response.Body)
			}
		}
	})
}

func testPreflights(t *testing.T, edge Edge) {
	ask := func(t *testing.T, origin string, change func(*rest.Options)) http.Header {
		t.Helper()
		w := newWorld(t, edge, change)
		response := w.ask(t, "OPTIONS", "/users/"+adaID, "", "Origin", origin,
			"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type")
		if response.Code != 204 && response.Code != 403 {
			t.Errorf("the preflight is answered with %d", response.Code)
		}
		return response.Header()
	}
	listed := ask(t, "http://localhost:5173", func(*rest.Options) {})
	methods, headers := listed.Get("Access-Control-Allow-Methods"), listed.Get("Access-Control-Allow-Headers")
	if !contains(methods, "PUT") || !contains(methods, "DELETE") || !contains(headers, "Content-Type") ||
		!contains(headers, "Authorization") ||
		listed.Get("Access-Control-Max-Age") == "" || listed.Get("Access-Control-Allow-Origin") != "http://localhost:5173" {
		t.Errorf("the preflight allows %v", listed)
	}
	for _, name := range []string{"Accept", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer", "traceparent", "tracestate"} {
		if !contains(headers, name) {
			t.Errorf("a page may not send %s", name)
		}
	}
	open := ask(t, "https://app.example.com", func(o *rest.Options) { o.AllowedOrigins = []string{"*"} })
	if open.Get("Access-Control-Allow-Origin") != "*" || open.Get("Access-Control-Allow-Methods") != "*" ||
		!contains(open.Get("Access-Control-Allow-Headers"), "*") {
		t.Errorf("the permissive preflight allows %v", open)
	}
	if header := ask(t, "https://evil.example.com", func(*rest.Options) {}); header.Get("Access-Control-Allow-Origin") != "" ||
		header.Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("the preflight of a foreign page allows %v", header)
	}
}
