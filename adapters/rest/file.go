package rest

import (
	"net/http"
	"strconv"

	"github.com/roster-directory/roster/adapters/rest/negotiation"
	"github.com/roster-directory/roster/adapters/rest/staticfile"
	"github.com/roster-directory/roster/domain"
)

// file is a response that is a file of a page.
type file struct{ *staticfile.File }

// write sends the file, compressed where the client accepts that, or 304 where
// the client has it.
func (f file) write(w http.ResponseWriter, r *http.Request) error {
	return f.Serve(w, r, negotiation.ReadEncodings(r.Header["Accept-Encoding"]).Gzip)
}

// assetOf is a file that the page of a path asks for.
func assetOf(site *staticfile.Site, page, name string) (file, error) {
	asset, ok := site.Asset(name)
	if !ok {
		return file{}, &domain.Error{
			Kind: domain.NotFound, Reason: domain.ReasonUnknown, Detail: "no file " + strconv.Quote(clip(name)),
			Fix: "open " + page + ", which names its files",
		}
	}
	return file{asset}, nil
}
