package settings

import (
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/rest/admin"
)

// Page are the settings of the page at /admin.
type Page struct {
	ClientID string `name:"admin-client-id" env:"ROSTER_ADMIN_CLIENT_ID" placeholder:"ID"`
	Scope    string `name:"admin-scope" env:"ROSTER_ADMIN_SCOPE" default:"openid" placeholder:"SCOPES"`
}

// SignIn says how people sign in to the page: at the issuers of access tokens, if the
// page is a client there.
func (p *Page) SignIn(tokens *Token) admin.SignIn {
	if p.ClientID == "" {
		return admin.SignIn{}
	}
	signIn := admin.SignIn{Issuers: tokens.Issuers, ClientID: p.ClientID, Scope: p.Scope}
	if strings.HasPrefix(tokens.Audience, "https://") || strings.HasPrefix(tokens.Audience, "http://") {
		signIn.Resource = tokens.Audience
	}
	return signIn
}

func (p *Page) check(tokens *Token) error {
	return refuse(p.ClientID != "" && len(tokens.Issuers) == 0, "ROSTER_ADMIN_CLIENT_ID", strconv.Quote(p.ClientID),
		"set ROSTER_TOKEN_ISSUERS, where people sign in, or unset it: they sign in with API keys then")
}
