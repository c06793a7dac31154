package staticfile

import (
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func TestASiteIsAPageAndItsAssets(t *testing.T) {
	site, err := LoadSite("the page", fstest.MapFS{
		"assets/page.html": {Data: []byte("a page")}, "assets/page.css.gz": {}, "assets/page.LICENSE": {}, "other/page.js": {},
	}, "default-src 'none'")
	if err != nil {
		t.Fatal(err)
	}
	site.Add("settings.json", New("application/json", []byte("{}"), false))
	for name, want := range map[string]bool{
		"page.css": true, "settings.json": true, "page.html": false, "page.css.gz": false, "page.LICENSE": false, "page.js": false, "": false,
	} {
		if _, ok := site.Asset(name); ok != want {
			t.Errorf("%q is an asset: %v", name, ok)
		}
	}
	w := httptest.NewRecorder()
	if err := site.Page().Serve(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), false); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Security-Policy"); got != "default-src 'none'" || w.Body.String() != "a page" {
		t.Errorf("the page is %q under %q", w.Body, got)
	}
}

func TestASiteNeedsItsFiles(t *testing.T) {
	for want, files := range map[string]fstest.MapFS{
		"the page lacks page.html": {"assets/page.css": {}},
		"the page: the files of assets: open assets: file does not exist": {"page.html": {}},
	} {
		if _, err := LoadSite("the page", files, ""); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
