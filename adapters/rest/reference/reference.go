package reference

import (
	"embed"
	"fmt"

	"github.com/roster-directory/roster/adapters/rest/staticfile"
)

//go:embed contract.json
var contract []byte

//go:embed assets
var assets embed.FS

// policy is the page's Content-Security-Policy: scripts, styles and requests only
// of this server, no inline code, no other destination, no frame around it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page is the file of the page itself, which is no asset.
const page = "page.html"

// Reference holds the contract, the page and its assets. It never changes and is
// safe for concurrent use.
type Reference struct {
	contract, page *staticfile.File
	assets         map[string]*staticfile.File
}

// New prepares the files. It fails only if the program was built with other
// files.
func New() (*Reference, error) {
	files, err := staticfile.Load(assets, "assets")
	if err != nil {
		return nil, fmt.Errorf("the reference: %w", err)
	}
	if files[page] == nil {
		return nil, fmt.Errorf("the reference lacks %s", page)
	}
	r := &Reference{
		contract: staticfile.New("application/json", contract, false), page: files[page].WithPolicy(policy), assets: files,
	}
	delete(r.assets, page)
	return r, nil
}

// Contract is the contract as JSON: docs/openapi.yaml, field for field.
func (r *Reference) Contract() *staticfile.File { return r.contract }

// Page is the page that shows the contract. It expects the contract at
// openapi.json and its assets in docs/, relative to its own address.
func (r *Reference) Page() *staticfile.File { return r.page }

// Asset returns a file of the page by its name; false where there is none.
func (r *Reference) Asset(name string) (*staticfile.File, bool) {
	file, ok := r.assets[name]
	return file, ok
}
