package guard

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestHostnamesAreCutOutOfHosts(t *testing.T) {
	for host, want := range map[string]string{
		"localhost": "localhost", "localhost:80": "localhost", "a.example": "a.example", "127.0.0.1:3000": "127.0.0.1",
		"[::1]": "::1", "[::1]:80": "::1", "[::1": "", "[::1]80": "", "a:b:c": "", ":80": "", "": "",
	} {
		if got := hostname(host); got != want {
			t.Errorf("the name of %q is %q, not %q", host, got, want)
		}
	}
}

func TestPathsAboutWhichRoutersDisagreeAreNotPlain(t *testing.T) {
	for path, plain := range map[string]bool{
		"/": true, "/users": true, "/users/": true, "/.well-known/x": true, "/a/.b": true, "/a/b..": true, "/a%5Cb": true, "/%75sers": true,
		"//": false, "//users": false, "/users//x": false, "/.": false, "/..": false, "/a/./b": false, "/a/../b": false, "/a/..": false,
		"/%2e%2e/b": false, "/a%2Fb": false, "/a%2fb": false,
	} {
		r := httptest.NewRequest("GET", "http://localhost"+path, nil)
		if got := isPlain(r.URL); got != plain {
			t.Errorf("%s is plain: %v", path, got)
		}
	}
	for _, path := range []string{"", "*", "users"} {
		if isPlain(&url.URL{Path: path}) {
			t.Errorf("%q reaches a router", path)
		}
	}
}

func TestARefusalNamesTheRuleAndTheFix(t *testing.T) {
	guard, err := New([]string{"roster.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		url, origin string
		want        Rule
		text        string
	}{
		"another host":     {"http://evil.example/users", "", Host, "ROSTER_HOSTS"},
		"another origin":   {"http://roster.example/users", "https://evil.example", Origin, "ROSTER_CORS"},
		"a long target":    {"http://roster.example/" + strings.Repeat("a", maxTarget), "", Length, "8193 bytes; 8192 is the most"},
		"a path with dots": {"http://roster.example/a/../b", "", Path, "docs/openapi.yaml"},
	} {
		r := httptest.NewRequest("GET", c.url, nil)
		r.RequestURI = r.URL.RequestURI()
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		answered, err := guard.Admit(httptest.NewRecorder(), r)
		refused, ok := errors.AsType[*RefusedError](err)
		if answered || !ok || refused.Rule != c.want || !strings.Contains(refused.Error(), c.text) {
			t.Errorf("%s: %v, %v", name, answered, err)
		}
	}
}

func TestAPreflightIsAnswered(t *testing.T) {
	guard, err := New(nil, []string{"https://app.example"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("OPTIONS", "http://localhost/users", nil)
	r.Header.Set("Origin", "https://app.example")
	for _, preflight := range []bool{false, true} {
		if preflight {
			r.Header.Set("Access-Control-Request-Method", "PUT")
		}
		w := httptest.NewRecorder()
		answered, err := guard.Admit(w, r)
		if answered != preflight || err != nil || (w.Code == 204) != preflight {
			t.Errorf("preflight %v is answered: %v, with %d, %v", preflight, answered, w.Code, err)
		}
	}
}

func TestAPageMaySendTheHeadersThatItAsksFor(t *testing.T) {
	for _, origins := range [][]string{{"https://app.example"}, {"*"}} {
		guard, err := New(nil, origins)
		if err != nil {
			t.Fatal(err)
		}
		allowed := func(asked ...string) string {
			r := httptest.NewRequest("OPTIONS", "http://localhost/users", nil)
			r.Header["Origin"] = []string{"https://app.example"}
			r.Header["Access-Control-Request-Method"] = []string{"PATCH"}
			r.Header["Access-Control-Request-Headers"] = asked
			w := httptest.NewRecorder()
			if _, err := guard.Admit(w, r); err != nil || w.Header().Get("Vary") != preflightVary[0] {
				t.Fatalf("%v, %v", err, w.Header())
			}
			return strings.Join(w.Header()["Access-Control-Allow-Headers"], "\n")
		}
		plain := allowed()
		for asked, want := range map[string]string{
			"content-type,baggage": "baggage", "sentry-trace": "sentry-trace", "x-datadog-trace-id, pragma": "pragma",
		} {
			if got := allowed(asked); !contains(got, want) || !strings.HasPrefix(got, plain) {
				t.Errorf("%s: a page may send %s", asked, got)
			}
		}
		if got := allowed("x-a", "x-b,X-A"); !strings.HasSuffix(got, ", x-a, x-b") {
			t.Errorf("in two lines: a page may send %s", got)
		}
		for _, asked := range []string{
			"", ",", "authorization", "a b", "a\x00b", "ä", "a:b", "a;b", `"a"`, "a*", strings.Repeat("a", maxHeaderName+1),
		} {
			if got := allowed(asked); got != plain {
				t.Errorf("%q: a page may send %s, not only %s", asked, got, plain)
			}
		}
		many := allowed(strings.Repeat("x-a,", maxAskedHeaders) + "x-last")
		if contains(many, "x-last") || !contains(many, "x-a") {
			t.Errorf("%d names: a page may send %s", maxAskedHeaders, many)
		}
	}
}

func FuzzHostsAndOriginsAreChecked(f *testing.F) {
	for _, seed := range []string{
		"localhost", "[::1]:80", "127.0.0.1:3000", "evil.example", "localhost.evil.example", "::1", "[", "]", ":", "127.1", "[::ffff:127.0.0.1]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !(hostPolicy{}).allows(host) || host == "" {
			return
		}
		name := strings.ToLower(hostname(host))
		if name != "localhost" && !strings.HasSuffix(name, ".localhost") && !strings.HasPrefix(name, "127.") && !strings.Contains(name, ":") {
			t.Fatalf("%q is taken for this machine", host)
		}
		if (originPolicy{}).permits("https://"+host, "elsewhere.example") != isLoopback(hostname(host)) {
			t.Fatalf("the host %q is permitted, the origin is not, or the other way round", host)
		}
	})
}
