package admin_test

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest/admin"
)

// maxSize is the most bytes of the page and its files, compressed.
const maxSize = 80 << 10

func policyOf(t *testing.T, signIn admin.SignIn) string {
	t.Helper()
	a, err := admin.New(signIn)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := a.Page().Serve(w, httptest.NewRequestWithContext(t.Context(), "GET", "/admin", nil), true); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"X-Frame-Options": "DENY",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	return w.Header().Get("Content-Security-Policy")
}

func TestThePageMayOnlyUseItsOwnServer(t *testing.T) {
	policy := policyOf(t, admin.SignIn{})
	for _, want := range []string{
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';", "base-uri 'none'",
		"form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'; trusted-types 'none'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if found := regexp.MustCompile(`unsafe|https?:|data:|\*`).FindString(policy); found != "" {
		t.Errorf("the policy admits %s", found)
	}
}

func TestThePageMayAskTheIssuersForTokens(t *testing.T) {
	issuers := []string{"https://id.example.com/realms/staff", "http://127.0.0.1:8080"}
	policy := policyOf(t, admin.SignIn{Issuers: issuers, ClientID: "page"})
	if want := "connect-src 'self' https://id.example.com http://127.0.0.1:8080;"; !strings.Contains(policy, want) {
		t.Errorf("the policy lacks %s: %s", want, policy)
	}
	if policy := policyOf(t, admin.SignIn{Issuers: issuers}); strings.Contains(policy, "id.example.com") {
		t.Errorf("without a client id, the policy admits the issuer: %s", policy)
	}
}

func TestAnIssuerAddsNothingElseToThePolicy(t *testing.T) {
	for _, issuer := range []string{"", "id.example.com", "https://", "https://a;script-src *", "https://a' b", "://", "https://a,b"} {
		_, err := admin.New(admin.SignIn{Issuers: []string{issuer}, ClientID: "page"})
		if err == nil || !strings.Contains(err.Error(), "is no URL") {
			t.Errorf("%q: %v", issuer, err)
		}
	}
}

func TestThePageIsSmallAndCompressed(t *testing.T) {
	entries, err := os.ReadDir("assets")
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !strings.HasSuffix(entry.Name(), ".gz") {
			t.Errorf("%s is not compressed: %v", entry.Name(), err)
			continue
		}
		size += info.Size()
	}
	if len(entries) < 4 || size > maxSize {
		t.Errorf("%d files have %d bytes; %d is the most", len(entries), size, maxSize)
	}
}

// TestThePageKeepsTokensInMemory reads the sources: what is stored in the browser admits
// nobody, and no text becomes HTML.
func TestThePageKeepsTokensInMemory(t *testing.T) {
	refused := regexp.MustCompile(`localStorage|indexedDB|document\.cookie|innerHTML|dangerouslySetInnerHTML|\beval\(|document\.write`)
	sources, read := os.DirFS("page"), 0
	err := fs.WalkDir(sources, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".ts" && path.Ext(name) != ".tsx" {
			return err
		}
		text, err := fs.ReadFile(sources, name)
		if found := refused.Find(text); found != nil {
			t.Errorf("%s has %s", name, found)
		}
		read++
		return err
	})
	if err != nil || read < 10 {
		t.Errorf("read %d files, %v", read, err)
	}
}
