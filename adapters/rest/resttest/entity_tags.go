package resttest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func testTags(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct{ method, target, body, want string }{
		{"GET", adaPath, "", `"2"`},
		{"GET", adaPath + "?fields=id", "", `"2-f1"`},
		{"GET", adaPath + "?fields=id,username", "", `"2-f5"`},
		{"GET", adaPath + "?deleted=include", "", `"3"`},
		{"POST", "/users", bob, `"1"`},
		{"PUT", adaPath, bob, `"2"`},
		{"PATCH", adaPath, "{}", `"2"`},
		{"POST", adaPath + "/restore", "", `"2"`},
		{"GET", "/users", "", ""},
		{"DELETE", adaPath, "", ""},
	} {
		if got := w.ask(t, c.method, c.target, c.body).Header().Get("ETag"); got != c.want {
			t.Errorf("%s %s: ETag is %q, want %q", c.method, c.target, got, c.want)
		}
	}
	old := ada()
	old.Version = 123456789
	reply(&w.users.UserByIDFunc, old, nil)
	if got := w.ask(t, "GET", adaPath, "").Header().Get("ETag"); got != `"123456789"` {
		t.Errorf("ETag of a great version is %q", got)
	}
}

func testNotModified(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for tags, same := range map[string]bool{
		`"2"`: true, `W/"2"`: true, `*`: true, `"1", "2"`: true, `"1",W/"2"`: true,
		`"1"`: false, `"20"`: false, `"x"`: false, `W/"3"`: false,
		`"2-f1"`: false, `"2-gzip"`: false, // the caller has other bytes, or can't read them
	} {
		response := w.ask(t, "GET", adaPath, "", "If-None-Match", tags)
		if !same {
			accepted(t, response, 200, adaJSON)
			continue
		}
		accepted(t, response, 304, "")
		if got := response.Header(); got.Get("ETag") != `"2"` || got.Get("Cache-Control") == "" || got.Get("Content-Type") != "" {
			t.Errorf("If-None-Match: %s is answered with %v", tags, got)
		}
	}
	accepted(t, w.ask(t, "HEAD", adaPath, "", "If-None-Match", `"2"`), 304, "")
	accepted(t, w.ask(t, "GET", adaPath+"?fields=id", "", "If-None-Match", `W/"2-f1"`), 304, "")
	for tags, want := range map[string]int{`"2"`: 200, `"2-f3"`: 200, `"2-f1-gzip"`: 200, `"3-f1"`: 200} {
		if response := w.ask(t, "GET", adaPath+"?fields=id", "", "If-None-Match", tags); response.Code != want {
			t.Errorf("If-None-Match: %s is answered with %d", tags, response.Code)
		}
	}
	refused(t, w.ask(t, "GET", adaPath+"?fields=x", "", "If-None-Match", `"2`), 400, "parameter", "?If-None-Match", "?fields")
	w.replyAll(failing(domain.NotFound, domain.ReasonUnknown, ""))
	refused(t, w.ask(t, "GET", adaPath, "", "If-None-Match", "*"), 404, "not-found")
}

// testSentTags reads each resource that has a version in every form, and writes it
// with the tag of that form.
func testSentTags(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.atVersion(2)
	large := ada()
	large.Attributes = domain.MustParse(domain.ParseAttributes([]byte(`{"n":"` + strings.Repeat("x", 2000) + `"}`)))
	reply(&w.users.UserByIDFunc, large, nil)
	seen := map[string]bool{}
	for _, target := range []string{adaPath, adaPath + "?fields=id,version", adaPath + "?fields=attributes", orgPath} {
		for _, encoding := range []string{"identity", "gzip", "gzip, identity;q=0"} {
			read := w.ask(t, "GET", target, "", "Accept-Encoding", encoding)
			tag := read.Header().Get("ETag")
			if strings.HasPrefix(tag, "W/") || strings.HasSuffix(tag, `-gzip"`) != (read.Header().Get("Content-Encoding") == "gzip") {
				t.Errorf("%s in %s has the tag %s", target, encoding, tag)
			}
			seen[tag] = true
			again := w.ask(t, "GET", target, "", "Accept-Encoding", encoding, "If-None-Match", tag)
			if again.Code != 304 || again.Header().Get("ETag") != tag {
				t.Errorf("%s in %s with its tag %s is answered with %d and %s", target, encoding, tag, again.Code, again.Header().Get("ETag"))
			}
			if target == orgPath {
				w.ask(t, "PUT", orgPath, replacement, "If-Match", tag)
				calls := w.organizations.ReplaceOrganizationCalls()
				if got := calls[len(calls)-1].ReplaceOrganization.IfMatch; got != engines().Version {
					t.Errorf("If-Match: %s asks for version %d", tag, got)
				}
				continue
			}
			for _, c := range conditionalWrites() {
				if response := w.ask(t, c.method, c.target, c.body, "If-Match", tag); response.Code >= 300 {
					t.Errorf("%s %s with If-Match: %s is refused: %d %s", c.method, c.target, tag, response.Code, response.Body)
				}
			}
		}
	}
	if len(seen) < 8 { // four forms in two codings
		t.Errorf("only %d tags tell the forms apart: %v", len(seen), seen)
	}
}

// testWeakTags says what to send instead of a tag that a proxy weakened.
func testWeakTags(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.atVersion(2)
	for tags, want := range map[string][]string{
		`W/"2"`:           {"weak", `send "2"`},
		`W/"2-gzip", "x"`: {"weak", `send "2"`},
		`"x"`:             {"no tag that this server sent"},
		`"5f2a"`:          {"no tag that this server sent"},
	} {
		p := refused(t, w.ask(t, "PATCH", adaPath, "{}", "If-Match", tags), 412, "stale")
		for _, text := range want {
			if !strings.Contains(p.Detail, text) || strings.Contains(p.Detail, strconv.Itoa(-1)) {
				t.Errorf("If-Match: %s is refused by %q, which does not say %s", tags, p.Detail, text)
			}
		}
	}
}
