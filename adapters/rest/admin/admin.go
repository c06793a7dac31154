package admin

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/roster-directory/roster/adapters/rest/staticfile"
)

//go:embed assets
var assets embed.FS

// settings is the asset that tells the page how people sign in.
const settings = "settings.json"

// SignIn says how people sign in to the page. Without issuers, they use API keys.
type SignIn struct {
	// Issuers are the OpenID providers, as "iss" of their tokens names them.
	Issuers []string `json:"issuers"`
	// ClientID is the id of the page as a public client of the providers.
	ClientID string `json:"client_id,omitempty"`
	// Scope are the scopes to ask for, separated by spaces.
	Scope string `json:"scope,omitempty"`
	// Resource is the audience of the access tokens (RFC 8707), if it is a URL.
	Resource string `json:"resource,omitempty"`
}

// New makes the page. It expects its assets in admin/ and the API beside it, relative
// to its own address. The error names an issuer that is no URL.
func New(signIn SignIn) (*staticfile.Site, error) {
	policy, err := policyFor(signIn)
	if err != nil {
		return nil, err
	}
	site, err := staticfile.LoadSite("the page", assets, policy)
	if err != nil {
		return nil, err
	}
	if signIn.ClientID == "" || signIn.Issuers == nil {
		signIn = SignIn{Issuers: []string{}}
	}
	text, err := json.Marshal(signIn)
	if err != nil {
		return nil, fmt.Errorf("the settings of the page: %w", err)
	}
	site.Add(settings, staticfile.New("application/json", text, false))
	return site, nil
}

// policyFor is the page's Content-Security-Policy: scripts, styles and requests only of
// this server, requests for tokens to the issuers, no inline code, no text as code, no
// frame around it.
func policyFor(signIn SignIn) (string, error) {
	connect := []string{"'self'"}
	for _, issuer := range signIn.Issuers {
		address, err := url.Parse(issuer)
		if err != nil || address.Host == "" || strings.ContainsAny(address.Host, ";, '\"") {
			return "", fmt.Errorf("the issuer %q is no URL", issuer)
		}
		if signIn.ClientID != "" {
			connect = append(connect, address.Scheme+"://"+address.Host)
		}
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src " + strings.Join(connect, " ") +
		"; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", nil
}
