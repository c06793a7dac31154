package reference_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest/reference"
	"github.com/roster-directory/roster/adapters/rest/staticfile"
)

func newReference(t *testing.T) *reference.Reference {
	t.Helper()
	r, err := reference.New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asset(t *testing.T, name string) *staticfile.File {
	t.Helper()
	file, ok := newReference(t).Asset(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return file
}

// serve asks for a file; the headers are names and values in turn.
func serve(t *testing.T, file *staticfile.File, method string, gzip bool, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	if err := file.Serve(w, r, gzip); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheContractIsTheDocument(t *testing.T) {
	answer := serve(t, newReference(t).Contract(), "GET", false)
	var contract struct {
		OpenAPI string
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &contract); err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("../../../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := answer.Header().Get("Content-Type"); got != "application/json" || contract.OpenAPI != "3.1.0" {
		t.Errorf("got OpenAPI %q as %q", contract.OpenAPI, got)
	}
	paths := regexp.MustCompile(`(?m)^  (/\S*):$`).FindAllSubmatch(document, -1)
	if len(paths) == 0 || len(paths) != len(contract.Paths) {
		t.Errorf("%d paths are served, the document has %d; run make generate", len(contract.Paths), len(paths))
	}
	for _, path := range paths {
		if contract.Paths[string(path[1])] == nil {
			t.Errorf("%s is missing; run make generate", path[1])
		}
	}
}

func TestFilesHaveTypes(t *testing.T) {
	for name, want := range map[string]string{
		"swagger-ui.css": "text/css; charset=utf-8", "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
		"reference.css": "text/css; charset=utf-8", "reference.js": "text/javascript; charset=utf-8", "roster.svg": "image/svg+xml",
	} {
		answer := serve(t, asset(t, name), "GET", true)
		if got := answer.Header().Get("Content-Type"); answer.Code != 200 || got != want || answer.Body.Len() == 0 {
			t.Errorf("%s: %d, %q, %d bytes", name, answer.Code, got, answer.Body.Len())
		}
	}
}

func TestOnlyFilesOfThePageAreServed(t *testing.T) {
	for _, name := range []string{
		"", "page.html", "swagger-ui.LICENSE", "swagger-ui.version", "swagger-ui.css.gz", "../doc.go",
		"nothing.css",
	} {
		if _, ok := newReference(t).Asset(name); ok {
			t.Errorf("%q is served", name)
		}
	}
}

// TestThePageIsCompleteAndNeedsNoOtherHost follows what the page and its own script
// and style ask for. That a browser asks for no more is checked by make
// screenshots.
func TestThePageIsCompleteAndNeedsNoOtherHost(t *testing.T) {
	page := serve(t, newReference(t).Page(), "GET", false).Body.String()
	parts := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(parts) < 5 {
		t.Fatalf("the page names only %q", parts)
	}
	for _, part := range parts {
		if part[1] == "openapi.json" {
			continue
		}
		name, relative := strings.CutPrefix(part[1], "docs/")
		if _, ok := newReference(t).Asset(name); !relative || !ok {
			t.Errorf("the page asks for %q", part[1])
		}
	}
	own := page + serve(t, asset(t, "reference.js"), "GET", false).Body.String() +
		serve(t, asset(t, "reference.css"), "GET", false).Body.String()
	if found := regexp.MustCompile(`//[a-z]+\.|@import|<script>|<style|style=| on[a-z]+=`).FindString(own); found != "" {
		t.Errorf("the page holds %q", found)
	}
}

func TestThePageHasAStrictPolicy(t *testing.T) {
	header := serve(t, newReference(t).Page(), "GET", true).Header()
	policy := header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self'",
		"frame-ancestors 'none'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if found := regexp.MustCompile(`unsafe|https?:|\*`).FindString(policy); found != "" {
		t.Errorf("the policy admits %s", found)
	}
	if got := header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("Referrer-Policy is %q", got)
	}
}

func TestFilesAreCompressedForClientsThatAcceptIt(t *testing.T) {
	file := asset(t, "swagger-ui.css")
	zipped, plain := serve(t, file, "GET", true), serve(t, file, "GET", false)
	if zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Errorf("encoded as %q and %q", zipped.Header().Get("Content-Encoding"), plain.Header().Get("Content-Encoding"))
	}
	if zipped.Header().Get("Etag") == plain.Header().Get("Etag") {
		t.Error("two encodings have one ETag")
	}
	for _, each := range []*httptest.ResponseRecorder{zipped, plain} {
		if got := each.Header().Get("Content-Length"); got != fmt.Sprint(each.Body.Len()) {
			t.Errorf("Content-Length is %s of %d", got, each.Body.Len())
		}
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unzipped, err := io.ReadAll(reader); err != nil || !bytes.Equal(unzipped, plain.Body.Bytes()) {
		t.Errorf("the encodings differ: %v", err)
	}
}

func TestAFileThatTheClientHasIsNotSentAgain(t *testing.T) {
	file := asset(t, "swagger-ui.css")
	for _, gzip := range []bool{false, true} {
		tag := serve(t, file, "GET", gzip).Header().Get("Etag")
		for _, header := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			answer := serve(t, file, "GET", gzip, "If-None-Match", header)
			if answer.Code != http.StatusNotModified || answer.Body.Len() > 0 || answer.Header().Get("Etag") != tag {
				t.Errorf("%s: %d, %d bytes, ETag %s", header, answer.Code, answer.Body.Len(), answer.Header().Get("Etag"))
			}
		}
		if answer := serve(t, file, "GET", gzip, "If-None-Match", `"other"`); answer.Code != 200 {
			t.Errorf("another tag is answered by %d", answer.Code)
		}
	}
	if got := serve(t, file, "GET", true).Header().Get("Cache-Control"); got != "public, no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestHEADHasNoBody(t *testing.T) {
	whole, head := serve(t, newReference(t).Page(), "GET", true), serve(t, newReference(t).Page(), "HEAD", true)
	if head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("Content-Length") != whole.Header().Get("Content-Length") {
		t.Errorf("%d, %d bytes, %v", head.Code, head.Body.Len(), head.Header())
	}
}

// TestLicencesAreKept compares the folder with the vendored files: a file without its
// licence, or another file than the version says, must not be released.
func TestLicencesAreKept(t *testing.T) {
	for name, want := range map[string]string{
		"swagger-ui.LICENSE": "Apache License", "swagger-ui.NOTICE": "SmartBear", "swagger-ui-bundle.LICENSE": "MIT",
	} {
		if text, err := os.ReadFile("assets/" + name); err != nil || !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s does not hold %q: %v", name, want, err)
		}
	}
	version, err := os.ReadFile("assets/swagger-ui.version")
	if err != nil || !regexp.MustCompile(`^\d+\.\d+\.\d+ sha512-[A-Za-z0-9+/]{86}==\n`).Match(version) {
		t.Fatalf("the version is %q, %v", version, err)
	}
	for line := range strings.Lines(strings.SplitN(string(version), "\n", 2)[1]) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := os.ReadFile("assets/" + name)
		if got := fmt.Sprintf("%x", sha256.Sum256(content)); err != nil || got != sum {
			t.Errorf("%s is not the vendored file: %v", name, err)
		}
	}
}
