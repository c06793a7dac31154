package reference

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed contract.json
var contract []byte

//go:embed assets
var assets embed.FS

// page is the file of the page itself, which is no asset.
const page = "page.html"

// Reference holds the contract, the page and its assets. It never changes and is
// safe for concurrent use.
type Reference struct {
	contract, page *File
	assets         map[string]*File
}

// New prepares the files. It fails only if the program was built with other
// files.
func New() (*Reference, error) {
	r := &Reference{contract: newFile("application/json", contract, false), assets: map[string]*File{}}
	entries, err := fs.ReadDir(assets, "assets")
	if err != nil {
		return nil, fmt.Errorf("the files of the reference: %w", err)
	}
	for _, entry := range entries {
		name, zipped := strings.CutSuffix(entry.Name(), ".gz")
		mediaType := mediaTypeOf(name)
		if mediaType == "" {
			continue
		}
		content, err := assets.ReadFile("assets/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("the files of the reference: %w", err)
		}
		r.assets[name] = newFile(mediaType, content, zipped)
	}
	if r.page = r.assets[page]; r.page == nil {
		return nil, fmt.Errorf("the files of the reference lack %s", page)
	}
	delete(r.assets, page)
	r.page.policy = policy
	return r, nil
}

// Contract is the contract as JSON: docs/openapi.yaml, field for field.
func (r *Reference) Contract() *File { return r.contract }

// Page is the page that shows the contract. It expects the contract at
// openapi.json and its assets in docs/, relative to its own address.
func (r *Reference) Page() *File { return r.page }

// Asset returns a file of the page by its name; false where there is none.
func (r *Reference) Asset(name string) (*File, bool) {
	file, ok := r.assets[name]
	return file, ok
}

// mediaTypeOf is the media type of a file by its extension; empty for a file that
// is not served, such as a licence.
func mediaTypeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}
