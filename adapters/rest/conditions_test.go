package rest

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

// ecma is a pattern of the contract for Go.
func ecma(pattern string) *regexp.Regexp {
	return regexp.MustCompile(regexp.MustCompile(`\\u([0-9A-F]{4})`).ReplaceAllString(pattern, `\x{$1}`))
}

func FuzzEntityTagsAreReadAsTheContractSays(f *testing.F) {
	for _, seed := range []string{
		``, `*`, `"2"`, `W/"2"`, `"1", "2"`, `"1",,"2",`, `, "1"`, `"`, `""`, `w/"2"`, `"a b"`, `"2" "3"`, `* , "2"`, ` * `, "\"\x7f\"", `"!#$"`,
		`2`, `1, "2",3`, `2*`, `W/2`, `2"`, strings.Repeat(`1,`, 17),
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
		for _, tag := range tags.strong {
			if tag.version < 1 || !strings.Contains(text, strings.Trim(tag.header()[0], `"`)) {
				t.Fatalf("%q holds the tag %+v", text, tag)
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
		if _, same := tags.matches(entityTag{version: version}); same != want {
			t.Errorf("version %d matches: %v", version, same)
		}
	}
}

func TestATagIsReadAsItWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tag := entityTag{
			version: domain.Version(rapid.Int64Min(1).Draw(t, "version")), fields: fieldSet(rapid.Uint32().Draw(t, "fields")),
			gzip: rapid.Bool().Draw(t, "gzip"),
		}
		sent := tag.header()[0]
		if got, known := readTag(strings.Trim(sent, `"`)); !known || got != tag || !strings.HasPrefix(sent, `"`) {
			t.Fatalf("%+v is sent as %s and read as %+v, %v", tag, sent, got, known)
		}
		if tag.gzip = true; zippedTags(entityTag{version: tag.version, fields: tag.fields}.header())[0] != tag.header()[0] {
			t.Fatalf("%+v has another tag once it is compressed", tag)
		}
	})
	for _, text := range []string{
		"", "0", "-1", "01", "x", "2-", "2-f", "2-f0", "2-f01", "2-fA", "2-fg", "2-f100000000", "2-gzip-gzip", "2-gzip-f1", "-gzip", "2-br", "+2",
		"99999999999999999999",
	} {
		if tag, known := readTag(text); known {
			t.Errorf("%q is read as %+v", text, tag)
		}
	}
}
