package resttest

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

func testReference(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) {
			return domain.Principal{}, failing(domain.Denied, domain.ReasonScope, "")
		}
	})
	t.Run("the contract is served as JSON, to anybody", func(t *testing.T) { testServedContract(t, w) })
	page := w.ask(t, "GET", "/docs", "", "Accept", "text/html")
	t.Run("its page needs nothing from elsewhere", func(t *testing.T) {
		if got := page.Header(); page.Code != 200 || !strings.HasPrefix(got.Get("Content-Type"), "text/html") ||
			!strings.Contains(got.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Fatalf("%d %v", page.Code, got)
		}
		if strings.Contains(page.Body.String(), "://") {
			t.Errorf("it names another host: %s", page.Body)
		}
		parts := regexp.MustCompile(`(?:src|href)="(docs/[^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
		if len(parts) == 0 {
			t.Fatalf("it has no parts: %s", page.Body)
		}
		for _, part := range parts {
			if response := w.ask(t, "GET", "/"+part[1], ""); response.Code != 200 || response.Body.Len() == 0 {
				t.Errorf("%s: %d", part[1], response.Code)
			}
		}
	})
	t.Run("a version that the caller has is not sent again", func(t *testing.T) {
		for _, target := range []string{"/openapi.json", "/docs", "/docs/reference.css"} {
			tag := w.ask(t, "GET", target, "").Header().Get("ETag")
			accepted(t, w.ask(t, "GET", target, "", "If-None-Match", tag), 304, "")
			accepted(t, w.ask(t, "HEAD", target, "", "If-None-Match", "W/"+tag), 304, "")
			refused(t, w.ask(t, "GET", target+"?x=1", "", "If-None-Match", `"x`), 400, "parameter", "?If-None-Match", "?x")
		}
	})
	for _, name := range []string{"page.html", "swagger-ui.LICENSE", "nothing.css", "swagger-ui-bundle.js.gz", "%2e%2e", "x%00"} {
		t.Run("no file "+name, func(t *testing.T) {
			if response := w.sendWith(t.Context(), t, "GET", "/docs/"+name); response.Code != 404 {
				t.Errorf("%d %.80s", response.Code, response.Body)
			}
		})
	}
}

func testServedContract(t *testing.T, w *world) {
	response := w.ask(t, "GET", "/openapi.json", "")
	if got := response.Header().Get("Content-Type"); response.Code != 200 || got != "application/json" {
		t.Fatalf("%d %s", response.Code, got)
	}
	path, err := findContract()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		t.Fatal(err)
	}
	got, err := openapi3.NewLoader().LoadFromData(response.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantText, err1 := json.Marshal(want)
	gotText, err2 := json.Marshal(got)
	if err1 != nil || err2 != nil || string(wantText) != string(gotText) {
		t.Errorf("the contract that is served is not docs/openapi.yaml; run go generate ./adapters/rest/... (%v, %v)", err1, err2)
	}
}
