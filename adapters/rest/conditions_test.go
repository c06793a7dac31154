package rest

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// ecma is a pattern of the contract for Go.
func ecma(pattern string) *regexp.Regexp {
	return regexp.MustCompile(regexp.MustCompile(`\\u([0-9A-F]{4})`).ReplaceAllString(pattern, `\x{$1}`))
}

func FuzzEntityTagsAreReadAsTheContractSays(f *testing.F) {
	for _, seed := range []string{
		``, `*`, `"2"`, `W/"2"`, `"1", "2"`, `"1",,"2",`, `, "1"`, `"`, `""`, `w/"2"`, `"a b"`, `"2" "3"`, `* , "2"`, ` * `, "\"\x7f\"", `"!#$"`,
		strings.Repeat(`"1",`, 16), strings.Repeat(`"1",`, 17), `"18446744073709551617"`, `"01"`, "\t\"1\"\t",
	} {
		f.Add(seed)
	}
	pattern := ecma(contract(f).Components.Schemas["EntityTags"].Value.Pattern)
	f.Fuzz(func(t *testing.T, text string) {
		var tags ifMatch
		err := tags.read(http.Header{"If-Match": {text}})
		if (err == nil) != pattern.MatchString(text) {
			t.Fatalf("%q: the contract says %v, the reader %v", text, pattern.MatchString(text), err)
		}
		if err != nil {
			if failures := domain.Failures(err); failures[0].Field != "If-Match" || problemOf(err).kind != kindParameter {
				t.Fatalf("%q is refused by %v", text, err)
			}
			return
		}
		for _, version := range tags.strong {
			if version < 1 || !strings.Contains(text, etag(version, false)[0]) {
				t.Fatalf("%q holds the version %d", text, version)
			}
		}
		if len(tags.strong)+len(tags.weak) > maxTags || !tags.present || tags.any != (strings.Trim(text, " \t") == "*") {
			t.Fatalf("%q is %+v", text, tags)
		}
	})
}

func TestAListOfTagsMayHaveSeveralHeaders(t *testing.T) {
	var tags ifNoneMatch
	if err := tags.read(http.Header{"If-None-Match": {`"1", W/"2"`, `"3"`}}); err != nil {
		t.Fatal(err)
	}
	for version, want := range map[domain.Version]bool{1: true, 2: true, 3: true, 4: false, 0: false} {
		if tags.matches(version) != want {
			t.Errorf("version %d matches: %v", version, !want)
		}
	}
}
