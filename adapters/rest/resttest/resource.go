package resttest

import (
	"crypto/tls"
	"net/http"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

const metadata = "/.well-known/oauth-protected-resource"

// testResource tests what clients without a token are told (RFC 9728, RFC 6750).
func testResource(t *testing.T, edge Edge) {
	expired := &domain.Error{
		Kind: domain.Unauthenticated, Reason: domain.ReasonCredentials, Detail: `the "token" has expired`, Fix: "get a new one",
	}
	resource := &rest.ResourceMetadata{
		AuthorizationServers: []string{"https://id.example.com"},
		Scopes: map[domain.Scope][]string{
			domain.ScopeRead: {"directory.read", "directory"}, domain.ScopeWrite: {"directory.write", "directory"},
		},
	}
	w := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate, o.AccessTokens, o.Resource, o.AllowedHosts = nil, accessTokens{expired}, resource, []string{"roster.example.com"}
	})
	describes := func(host, identifier string) {
		t.Helper()
		accepted(t, w.ask(t, "GET", metadata, "", "Host", host), 200, `{"resource":"`+identifier+`",`+
			`"authorization_servers":["https://id.example.com"],"scopes_supported":["directory.read","directory","directory.write"],`+
			`"bearer_methods_supported":["header"]}`)
	}
	describes("127.0.0.1:3000", "http://127.0.0.1:3000")
	describes("roster.example.com", "https://roster.example.com") // a proxy speaks TLS
	refused(t, w.ask(t, "GET", metadata, "", "Host", "evil.example"), 421, "host")
	refused(t, w.ask(t, "GET", metadata, "", "Host", ""), 421, "host")

	const at = `resource_metadata="http://127.0.0.1:3000` + metadata + `"`
	w.challenges(t, "GET", "", `Bearer `+at)
	w.challenges(t, "GET", "Bearer a.b.c", `Bearer error="invalid_token", error_description="the token has expired", `+at)
	const denied = `Bearer error="insufficient_scope", error_description="needs the scope write; ask an administrator for it", `
	w.challenges(t, "DELETE", "Bearer header.claims.signature",
		denied+`scope="directory.write directory", `+at)

	overTLS := newRequest(t.Context(), "GET", metadata, "")
	overTLS.TLS = &tls.ConnectionState{}
	if got := w.send(overTLS).Body.String(); got[:36] != `{"resource":"https://127.0.0.1:3000"` {
		t.Errorf("over TLS it is %s", got)
	}

	resource.Resource, resource.Scopes = "https://roster.example.com/api", nil
	accepted(t, w.ask(t, "GET", metadata, ""), 200, `{"resource":"https://roster.example.com/api",`+
		`"authorization_servers":["https://id.example.com"],"bearer_methods_supported":["header"]}`)

	w = newWorld(t, edge, func(o *rest.Options) { o.Authenticate = nil })
	refused(t, w.ask(t, "GET", metadata, ""), 404, "not-found")
	key := storedKey()
	key.Key.RevokedAt, key.Key.Organization, key.Key.Role = plainKey().RevokedAt, plainKey().Organization, ""
	key.Key.Scopes = []domain.Scope{domain.ScopeRead}
	reply(&w.apiKeys.StoredAPIKeyFunc, key, nil)
	w.challenges(t, "GET", "", "Bearer")
	w.challenges(t, "DELETE", "Bearer "+token().String(), denied+`scope="write"`)

	w = newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) {
			return domain.Principal{Subject: "session:ada", Scopes: []domain.Scope{domain.ScopeRead}}, nil
		}
	})
	w.challenges(t, "DELETE", "", "") // a session of the program's own has no token
}

// challenges checks the header WWW-Authenticate of the response about Ada.
func (w *world) challenges(t *testing.T, method, authorization, want string) {
	t.Helper()
	var headers []string
	if authorization != "" {
		headers = []string{"Authorization", authorization}
	}
	response := w.ask(t, method, adaPath, "", headers...)
	if got := response.Header().Get("WWW-Authenticate"); got != want {
		t.Errorf("%s %s: %d, WWW-Authenticate is %q, want %q", method, authorization, response.Code, got, want)
	}
}
