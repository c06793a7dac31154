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

// page is the name of the page's own file, which is no part of it.
const page = "page.html"

// Reference holds what is served. It never changes and is safe for concurrent
// use.
type Reference struct {
	contract, page *File
	assets         map[string]*File
}

// New prepares the files. It fails only where the program was built with others
// than these.
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

// Contract is the contract as JSON: docs/openapi.yaml, member for member.
func (r *Reference) Contract() *File { return r.contract }

// Page is the page that shows the contract. It expects the contract at
// openapi.json and its assets in docs, both beside its own address.
func (r *Reference) Page() *File { return r.page }

// Asset is a part of the page, by its name; false where there is none of it.
func (r *Reference) Asset(name string) (*File, bool) {
	file, ok := r.assets[name]
	return file, ok
}

// mediaTypeOf is the media type of a file that is served, by its name's
// extension; empty for the others, such as licences, which are for those who
// read the source or the program.
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
