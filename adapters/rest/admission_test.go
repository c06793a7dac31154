package rest

import (
	"net/http"
	"net/http/httptest"
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

func TestMediaTypesOtherThanJSONAreRefused(t *testing.T) {
	for _, c := range []struct {
		header http.Header
		fine   bool
	}{
		{http.Header{"Content-Type": {"application/json"}}, true},
		{http.Header{"Content-Type": {"Application/JSON ; charset=UTF-8"}}, true},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"identity"}}, true},
		{http.Header{}, false},
		{http.Header{"Content-Type": {"application/json", "application/json"}}, false},
		{http.Header{"Content-Type": {"application/json; charset=utf-16"}}, false},
		{http.Header{"Content-Type": {"application/problem+json"}}, false},
		{http.Header{"Content-Type": {"text/json"}}, false},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"br"}}, false},
	} {
		err := checkMediaType(c.header)
		if (err == nil) != c.fine {
			t.Errorf("%v: %v", c.header, err)
		}
		if err != nil && problemOf(err).kind != kindMedia {
			t.Errorf("%v is answered with %+v", c.header, problemOf(err))
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
}

func TestRequestIDsFitALogLine(t *testing.T) {
	for id, sane := range map[string]bool{
		"a": true, "A-1_b.c:d": true, strings.Repeat("a", 128): true,
		"": false, strings.Repeat("a", 129): false, "a b": false, "a\n": false, "a\"": false, "é": false, "{}": false,
	} {
		if got := saneID(id); got != sane {
			t.Errorf("%q is sane: %v", id, got)
		}
		if got := requestID(http.Header{"X-Request-Id": {id}}); (got == id) != sane || !saneID(got) {
			t.Errorf("%q became %q", id, got)
		}
	}
	if got := requestID(http.Header{"X-Request-Id": {"a", "b"}}); got == "a" || got == "b" {
		t.Errorf("of two ids, %q was taken", got)
	}
}

func TestPointersFollowRFC6901(t *testing.T) {
	for field, want := range map[string]string{
		"email": "/email", "events[3].kind": "/events/3/kind", "/a~1b": "/a~1b", wholeBody: "", "/": "/",
	} {
		if got := pointerTo(field); got != want {
			t.Errorf("%q is at %q, not %q", field, got, want)
		}
	}
}
