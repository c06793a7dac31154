package resttest

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/admin"
	"github.com/roster-directory/roster/domain"
)

func testAdmin(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) {
		o.SignIn = admin.SignIn{Issuers: []string{"https://id.example.com/realms/staff"}, ClientID: "roster-page"}
		o.Authenticate = func(*http.Request) (domain.Principal, error) {
			return domain.Principal{}, failing(domain.Denied, domain.ReasonScope, "")
		}
	})
	t.Run("the page and its files are served to anybody", func(t *testing.T) {
		page := w.ask(t, "GET", "/admin", "", "Accept", "text/html")
		if page.Code != 200 || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") {
			t.Fatalf("%d %v", page.Code, page.Header())
		}
		parts := regexp.MustCompile(`(?:src|href)="(admin/[^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
		if len(parts) < 3 {
			t.Fatalf("it has the parts %q", parts)
		}
		for _, part := range parts {
			response := w.ask(t, "GET", "/"+part[1], "", "Accept-Encoding", "gzip")
			tag := response.Header().Get("ETag")
			if response.Code != 200 || response.Header().Get("Content-Encoding") != "gzip" {
				t.Errorf("%s: %d %v", part[1], response.Code, response.Header())
			}
			accepted(t, w.ask(t, "GET", "/"+part[1], "", "Accept-Encoding", "gzip", "If-None-Match", tag), 304, "")
		}
	})
	t.Run("it says how people sign in", func(t *testing.T) {
		want := `{"issuers":["https://id.example.com/realms/staff"],"client_id":"roster-page"}`
		if response := w.ask(t, "GET", "/admin/settings.json", ""); response.Code != 200 || response.Body.String() != want {
			t.Errorf("%d %s", response.Code, response.Body)
		}
	})
	for _, name := range []string{"page.html", "admin.js.gz", "nothing.css", "%2e%2e", "x%00"} {
		t.Run("no file "+name, func(t *testing.T) {
			if response := w.sendWith(t.Context(), t, "GET", "/admin/"+name); response.Code != 404 {
				t.Errorf("%d %.80s", response.Code, response.Body)
			}
		})
	}
	t.Run("a browser that opens the server's address is led to it", func(t *testing.T) { testLeadToPage(t, w) })
}

func testLeadToPage(t *testing.T, w *world) {
	for path, target := range map[string]string{"/": "admin", "/admin/": "../admin"} {
		for _, method := range []string{"GET", "HEAD"} {
			response := w.send(newRequest(t.Context(), method, path, "", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8"))
			if response.Code != http.StatusSeeOther || response.Header().Get("Location") != target {
				t.Errorf("%s %s: %d to %q", method, path, response.Code, response.Header().Get("Location"))
			}
		}
		for _, accept := range []string{"", "*/*", "application/json"} {
			response := w.send(newRequest(t.Context(), "GET", path, "", "Accept", accept))
			if response.Code != http.StatusNotFound || !strings.Contains(strings.Join(response.Header().Values("Vary"), ","), "Accept") {
				t.Errorf("Accept %q, %s: %d %v", accept, path, response.Code, response.Header())
			}
		}
		if response := w.send(newRequest(t.Context(), "POST", path, "", "Accept", "text/html")); response.Code != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, response.Code)
		}
	}
}
