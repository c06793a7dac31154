package page_test

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
)

// get reads a file of the page without following redirects, compressed as browsers ask.
func get(t *testing.T, roster *server.Roster, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, roster.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html,*/*;q=0.8")
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// files are the page and the files that it loads.
var files = []string{"/admin", "/admin/admin.js", "/admin/admin.css", "/admin/icon.svg", "/admin/settings.json"}

func TestTheHeadersOfThePage(t *testing.T) {
	t.Parallel()
	roster := server.Start(t, program, []string{"DATABASE_URL=" + empty.Database(t)}, "serve")
	size := 0
	for _, path := range files {
		response, body := get(t, roster, path)
		header := response.Header
		size += len(body)
		if got := header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options is %q", path, got)
		}
		if got := header.Get("Referrer-Policy"); path == "/admin" && got != "no-referrer" {
			t.Errorf("%s: Referrer-Policy is %q", path, got)
		}
		if header.Get("ETag") == "" || header.Get("Content-Encoding") != "gzip" && len(body) > 1000 {
			t.Errorf("%s has the tag %q and the coding %q", path, header.Get("ETag"), header.Get("Content-Encoding"))
		}
		if header.Get("Set-Cookie") != "" || header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s sets a cookie, or lets other origins read it: %v", path, header)
		}
	}
	if size > 80_000 {
		t.Errorf("the page has %d bytes, compressed; at most 80,000 may be", size)
	}
}

func TestThePolicyOfThePageAllowsNothingInline(t *testing.T) {
	t.Parallel()
	roster := server.Start(t, program, []string{"DATABASE_URL=" + empty.Database(t)}, "serve")
	response, _ := get(t, roster, "/admin")
	policy := map[string]string{}
	for directive := range strings.SplitSeq(response.Header.Get("Content-Security-Policy"), ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		policy[name] = sources
	}
	for name, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "img-src": "'self'",
		"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'", "require-trusted-types-for": "'script'",
	} {
		if policy[name] != want {
			t.Errorf("%s is %q, not %q", name, policy[name], want)
		}
	}
	for name, sources := range policy {
		if regexp.MustCompile(`unsafe|\*|https?:|data:|blob:`).MatchString(sources) {
			t.Errorf("%s allows %q", name, sources)
		}
	}
}

func TestTheRootLeadsBrowsersToThePage(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	response, _ := get(t, roster, "/")
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "admin" {
		t.Errorf("/ answers a browser with %d to %q", response.StatusCode, response.Header.Get("Location"))
	}
	tab.Open("/")
	tab.See("heading", "People")
	tab.SeeAddress("/admin")
	request, err := http.Get(roster.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = request.Body.Close()
	if request.StatusCode != http.StatusNotFound {
		t.Errorf("/ answers a program with %d", request.StatusCode)
	}
}

// loadedFiles are the files that the page loaded, as the browser lists them.
func loadedFiles(tab *browser.Tab) []string {
	return browser.Evaluate[[]string](tab, `performance.getEntriesByType('resource')
		.filter(({initiatorType}) => initiatorType !== 'fetch').map(({name}) => name)`)
}

func TestThePageLoadsNothingElse(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, people)
	tab.Open("/admin")
	tab.See("table", "People")
	loaded := loadedFiles(tab)
	slices.Sort(loaded)
	var want []string
	for _, path := range files[1:] {
		if path != "/admin/settings.json" { // read when somebody signs in
			want = append(want, roster.URL+path)
		}
	}
	slices.Sort(want)
	if !slices.Equal(loaded, want) {
		t.Errorf("the page loads %q, not %q", loaded, want)
	}
}
