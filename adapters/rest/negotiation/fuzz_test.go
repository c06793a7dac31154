package negotiation

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
		got, ok := Accept(http.Header{"Accept": {text}}, offers...)
		if ok != slices.Contains(offers, got) || !ok && got != "" {
			t.Fatalf("%q is %q, %v", text, got, ok)
		}
		// A refusal of all types can't overrule types that are named.
		if got, ok := Accept(http.Header{"Accept": {text, "application/json", "text/csv;q=0.5"}}, offers...); !ok {
			t.Fatalf("%q and JSON is %q", text, got)
		}
		if !strings.ContainsAny(text, `"\`) {
			joined, ok2 := Accept(http.Header{"Accept": strings.Split(text, ",")}, offers...)
			if joined != got || ok2 != ok {
				t.Fatalf("%q is %q in one header, and %q in several", text, got, joined)
			}
		}
	})
}

func FuzzAcceptEncodingIsReadLeniently(f *testing.F) {
	for _, seed := range []string{
		"", "gzip", "gzip, deflate, br", "*;q=0", "identity;q=0, *", "gzip;q=0.001", "gzip;q=", `gzip;x=",identity;q=0"`, ";;,",
		"gzip;q=0;q=1", "GZip ; q = 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := ReadEncodings([]string{text})
		lower := strings.ToLower(text)
		if got.Gzip && !strings.Contains(lower, "gzip") && !strings.Contains(text, "*") {
			t.Fatalf("%q does not ask for gzip", text)
		}
		if !got.Identity && !strings.Contains(text, "0") {
			t.Fatalf("%q does not refuse identity", text)
		}
		if upper := ReadEncodings([]string{strings.ToUpper(text)}); upper != got {
			t.Fatalf("%q accepts %+v, and %+v in upper case", text, got, upper)
		}
		for entry := range entries([]string{text}) {
			if entry.weight < 0 || entry.weight > fullWeight {
				t.Fatalf("%q weighs %d", text, entry.weight)
			}
		}
	})
}

func FuzzPreferencesAreReadLeniently(f *testing.F) {
	for _, seed := range []string{
		"", "return=minimal", `return="minimal"`, "wait=5, return=minimal", "return=representation, return=minimal", ";=,", "RETURN = minimal;x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		minimal := PrefersMinimal(http.Header{"Prefer": {text}})
		lower := strings.ToLower(text)
		if minimal && (!strings.Contains(lower, "return") || !strings.Contains(text, "minimal")) {
			t.Fatalf("%q prefers a minimal response", text)
		}
		if again := PrefersMinimal(http.Header{"Prefer": strings.Split(text, ",")}); again != minimal {
			t.Fatalf("%q is %v in one header, and %v in several", text, minimal, again)
		}
	})
}
