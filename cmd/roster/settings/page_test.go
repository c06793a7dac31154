package settings

import (
	"reflect"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest/admin"
)

func TestThePageSignsInWhereItIsAClient(t *testing.T) {
	issuers := []string{"https://id.example.com"}
	for name, c := range map[string]struct {
		page   Page
		tokens Token
		want   admin.SignIn
	}{
		"no client": {Page{Scope: "openid"}, Token{Issuers: issuers, Audience: "https://roster.example.com"}, admin.SignIn{}},
		"an audience that is a URL": {
			Page{ClientID: "page", Scope: "openid"},
			Token{Issuers: issuers, Audience: "https://roster.example.com"},
			admin.SignIn{Issuers: issuers, ClientID: "page", Scope: "openid", Resource: "https://roster.example.com"},
		},
		"an audience that is a name": {
			Page{ClientID: "page"}, Token{Issuers: issuers, Audience: "roster"}, admin.SignIn{Issuers: issuers, ClientID: "page"},
		},
	} {
		if got := c.page.SignIn(&c.tokens); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAClientNeedsIssuers(t *testing.T) {
	c := valid()
	c.Page.ClientID = "page"
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), `ROSTER_ADMIN_CLIENT_ID is "page": set ROSTER_TOKEN_ISSUERS`) {
		t.Errorf("%v", err)
	}
}
