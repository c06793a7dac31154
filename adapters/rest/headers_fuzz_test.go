package rest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func FuzzAcceptIsReadLeniently(f *testing.F) {
	for _, seed := range []string{
		"", "*/*", "*", "text/csv", "application/json;q=0.5, text/csv", "application/*;q=0,*/*", `a/b;x="\",q=0";q=1`, "a/b;q=.5;q=0", ",;=",
		"text/csv;q=0, application/json;q=0", "*/json", "application/json;charset=utf-16", "\x00/\xff", `"`, `a/b;x="`,
	} {
		f.Add(seed)
	}
	offers := []string{"application/json", "text/csv"}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := acceptable(http.Header{"Accept": {text}}, offers...)
		if ok != slices.Contains(offers, got) || !ok && got != "" {
			t.Fatalf("%q is %q, %v", text, got, ok)
		}
		// A refusal of all, put last, is no choice; a wish for all of one kind is.
		if got, ok := acceptable(http.Header{"Accept": {text, "application/json", "text/csv;q=0.5"}}, offers...); !ok {
			t.Fatalf("%q and a wish for JSON is %q", text, got)
		}
		if !strings.ContainsAny(text, `"\`) {
			joined, ok2 := acceptable(http.Header{"Accept": strings.Split(text, ",")}, offers...)
			if joined != got || ok2 != ok {
				t.Fatalf("%q is %q in one header, and %q in several", text, got, joined)
			}
		}
	})
}

func FuzzAcceptEncodingIsReadLeniently(f *testing.F) {
	for _, seed := range []string{
		"", "gzip", "gzip, deflate, br", "*;q=0", "identity;q=0, *", "gzip;q=0.001", "gzip;q=", `gzip;x=",identity;q=0"`, ";;,", "gzip;q=0;q=1", "GZip ; q = 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := admittedCodings([]string{text})
		lower := strings.ToLower(text)
		if got.gzip && !strings.Contains(lower, "gzip") && !strings.Contains(text, "*") {
			t.Fatalf("%q does not ask for gzip", text)
		}
		if !got.identity && !strings.Contains(text, "0") {
			t.Fatalf("%q does not refuse what is not encoded", text)
		}
		if upper := admittedCodings([]string{strings.ToUpper(text)}); upper != got {
			t.Fatalf("%q admits %+v, and %+v in upper case", text, got, upper)
		}
		for each := range choices([]string{text}) {
			if each.weight < 0 || each.weight > fullWeight {
				t.Fatalf("%q weighs %d", text, each.weight)
			}
		}
	})
}
