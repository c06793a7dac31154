package rest

import (
	"net/http"
	"slices"

	"github.com/roster-directory/roster/adapters/rest/negotiation"
)

// negotiated refuses a request that accepts none of the media types of the
// response. The first is sent unless the client prefers another.
func negotiated(w http.ResponseWriter, r *http.Request, offers ...string) error {
	if len(offers) > 1 {
		header := w.Header()
		header["Vary"] = append(slices.Clip(header["Vary"]), "Accept")
	}
	if r.Header["Accept"] == nil && r.Header["Accept-Encoding"] == nil {
		return nil
	}
	return negotiation.Check(r.Header, offers...)
}
