package rest

import (
	"context"
	"net/http"
	"strings"
)

// GetAdmin answers with the page that shows the directory.
func (h *handlers) GetAdmin(_ context.Context, request getAdminRequest) (getAdminResponse, error) {
	return getAdmin200{file{h.admin.Page()}}, request.read()
}

// GetAdminAsset answers with a file of that page.
func (h *handlers) GetAdminAsset(_ context.Context, request getAdminAssetRequest) (getAdminAssetResponse, error) {
	if err := request.read(); err != nil {
		return nil, err
	}
	asset, err := assetOf(h.admin, "/admin", request.path.Asset)
	if err != nil {
		return nil, err
	}
	return getAdminAsset200{asset}, nil
}

// leadToPage redirects a browser that opens / or /admin/ to the page, and reports
// whether it did. The target is relative, so that a proxy may strip a prefix.
func leadToPage(w http.ResponseWriter, r *http.Request) bool {
	target := map[string]string{"/": "admin", "/admin/": "../admin"}[r.URL.Path]
	if target == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	header := w.Header()
	header.Add("Vary", "Accept")
	if !strings.Contains(strings.ToLower(r.Header.Get("Accept")), "text/html") {
		return false
	}
	header["Location"] = []string{target}
	header["Cache-Control"] = []string{"no-cache"}
	w.WriteHeader(http.StatusSeeOther)
	return true
}
