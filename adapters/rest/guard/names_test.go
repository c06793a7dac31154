package guard

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOriginsAreReadAsBrowsersSendThem(t *testing.T) {
	for text, want := range map[string]string{
		"https://app.example.com":                     "https://app.example.com",
		"HTTPS://App.Example.COM":                     "https://app.example.com",
		" https://app.example.com\t":                  "https://app.example.com",
		"https://app.example.com/":                    "https://app.example.com",
		"https://app.example.com:443":                 "https://app.example.com",
		"https://app.example.com:0443/":               "https://app.example.com",
		"https://app.example.com:":                    "https://app.example.com",
		"http://app.example.com:80":                   "http://app.example.com",
		"http://app.example.com:443":                  "http://app.example.com:443",
		"https://app.example.com:8443":                "https://app.example.com:8443",
		"https://app.example.com.":                    "https://app.example.com",
		"https://app.example.com.:443/":               "https://app.example.com",
		"https://B\u00fccher.example":                 "https://xn--bcher-kva.example",
		"https://xn--BCHER-kva.example":               "https://xn--bcher-kva.example",
		"https://\u4f8b\u3048.\u30c6\u30b9\u30c8:444": "https://xn--r8jz45g.xn--zckzah:444",
		"http://[2001:DB8:0::1]:8080":                 "http://[2001:db8::1]:8080",
		"http://192.0.2.7":                            "http://192.0.2.7",
		"https://my_app.example.com":                  "https://my_app.example.com",
		"chrome-extension://abcdefghijklmnop":         "chrome-extension://abcdefghijklmnop",
		"*":                                           "*",
	} {
		if got, err := ParseOrigin(text); err != nil || got != want {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}

func TestAnOriginThatNoPageHasIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "empty",
		"app.example.com":                  "no scheme",
		"null":                             "sandboxed",
		"https://*.example.com":            "asterisk",
		"https://*":                        "asterisk",
		"https://app.example.com:*":        "not an origin",
		"https://app.example.com/app":      "more than an origin",
		"https://app.example.com//":        "more than an origin",
		"https://app.example.com?x":        "more than an origin",
		"https://app.example.com#x":        "more than an origin",
		"https://ada@app.example.com":      "more than an origin",
		"https://app.example.com\\":        "more than an origin",
		"https://":                         "not an origin",
		"://app.example.com":               "not an origin",
		"https://:443":                     "not the name",
		"https://app.example.com:0":        "port",
		"https://app.example.com:65536":    "port",
		"https://app example.com":          "not an origin",
		"https://app.example.com..":        "not the name",
		"https://app..example.com":         "not the name",
		"https://127.1":                    "four numbers",
		"https://0x7f.0x1":                 "four numbers",
		"https://[::1":                     "not an origin",
		"http://[fe80::1%25eth0]":          "zone",
		"https://\u2603\u200d..example":    "not the name",
		"https://a.example https://b.test": "more than an origin",
	} {
		if got, err := ParseOrigin(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is read as %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestHostsAreReadAsClientsSendThem(t *testing.T) {
	for text, want := range map[string]string{
		"roster.example.com": "roster.example.com", "Roster.Example.COM.": "roster.example.com", " roster ": "roster",
		"B\u00fccher.example": "xn--bcher-kva.example", "192.0.2.7": "192.0.2.7", "[2001:DB8::1]": "2001:db8::1",
		"2001:db8:0:0::1": "2001:db8::1", "*": "*",
	} {
		if got, err := ParseHost(text); err != nil || got != want {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"": "empty", "https://roster.example.com": "scheme", "roster.example.com/": "more than a host", "roster.example.com:3000": "port",
		"[2001:db8::1]:3000": "port", "*.example.com": "asterisk", "roster..example.com": "not the name", "a b": "not the name",
		"ada@roster.example.com": "more than a host", "127.1": "four numbers", "2130706433": "four numbers", "fe80::1%eth0": "zone",
	} {
		if got, err := ParseHost(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is read as %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestEachFormOfAnAllowedNameIsAdmitted(t *testing.T) {
	hosts := []string{"B\u00fccher.example.", "2001:db8::1"}
	guard, err := New(hosts, []string{"https://B\u00fccher.example:443/", "http://[2001:db8::1]:8080"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		host, origin string
		want         bool
	}{
		{"xn--bcher-kva.example", "https://xn--bcher-kva.example", true},
		{"XN--Bcher-kva.example.:3000", "https://xn--bcher-kva.example.", true},
		{"[2001:db8::1]:3000", "http://[2001:db8::1]:8080", true},
		{"[2001:db8:0::1]", "http://[2001:db8:0:0::1]:8080", true},
		{"xn--bcher-kva.example", "http://xn--bcher-kva.example.evil.example", false},
		{"xn--bcher-kva.example", "https://xn--bcher-kva.example:444", false},
		{"bcher.example", "https://xn--bcher-kva.example", false},
		{"[2001:db8::2]", "https://xn--bcher-kva.example", false},
	} {
		r := httptest.NewRequest("GET", "http://localhost/users", nil)
		r.Host = c.host
		r.Header.Set("Origin", c.origin)
		if _, err := guard.Admit(httptest.NewRecorder(), r); (err == nil) != c.want {
			t.Errorf("%s, %s: %v", c.host, c.origin, err)
		}
	}
}
