package reference

import (
	"embed"

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

// Reference holds the contract and the page that shows it. It never changes and is
// safe for concurrent use.
type Reference struct {
	// Site is the page. It expects the contract at openapi.json and its assets in
	// docs/, relative to its own address.
	*staticfile.Site
	contract *staticfile.File
}

// New prepares the files. It fails only if the program was built with other
// files.
func New() (*Reference, error) {
	site, err := staticfile.LoadSite("the reference", assets, policy)
	if err != nil {
		return nil, err
	}
	return &Reference{Site: site, contract: staticfile.New("application/json", contract, false)}, nil
}

// Contract is the contract as JSON: docs/openapi.yaml, field for field.
func (r *Reference) Contract() *staticfile.File { return r.contract }
