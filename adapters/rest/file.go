package rest

import (
	"net/http"

	"github.com/roster-directory/roster/adapters/rest/negotiation"
	"github.com/roster-directory/roster/adapters/rest/staticfile"
)

// file is a response that is a file of a page.
type file struct{ *staticfile.File }

// write sends the file, compressed where the client accepts that, or 304 where
// the client has it.
func (f file) write(w http.ResponseWriter, r *http.Request) error {
	return f.Serve(w, r, negotiation.ReadEncodings(r.Header["Accept-Encoding"]).Gzip)
}
