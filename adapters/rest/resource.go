package rest

import (
	"context"
	"net/http"

	"github.com/roster-directory/roster/adapters/rest/guard"
	"github.com/roster-directory/roster/domain"
)

// ResourceMetadata describes the API to clients that look for an access token
// (RFC 9728).
type ResourceMetadata struct {
	// Resource identifies the API. Empty is the address that the request names.
	Resource string
	// AuthorizationServers are the issuers of the tokens.
	AuthorizationServers []string
	// Scopes are the OAuth scopes of tokens that give each scope.
	Scopes map[domain.Scope][]string
}

const metadataPath = "/.well-known/oauth-protected-resource"

// GetProtectedResource answers with the description of the API.
func (h *handlers) GetProtectedResource(_ context.Context, request getProtectedResourceRequest) (getProtectedResourceResponse, error) {
	resource := h.resource
	switch {
	case resource == nil:
		return nil, &domain.Error{
			Kind: domain.NotFound, Reason: domain.ReasonUnknown, Detail: "this server accepts no access tokens",
			Fix: "use an API key, or set ROSTER_TOKEN_ISSUERS",
		}
	case request.address == "":
		return nil, newProblem(kindHost, "the request names no host; send the header Host")
	}
	identifier := resource.Resource
	if identifier == "" {
		identifier = request.address
	}
	out := newResponse()
	out.buf = appendString(append(out.buf, `{"resource":`...), identifier)
	out.buf = appendStrings(append(out.buf, `,"authorization_servers":`...), resource.AuthorizationServers)
	if scopes := resource.scopes(domain.ScopeRead, domain.ScopeWrite, domain.ScopeAdmin); len(scopes) > 0 {
		out.buf = appendStrings(append(out.buf, `,"scopes_supported":`...), scopes)
	}
	out.buf = append(out.buf, `,"bearer_methods_supported":["header"]}`...)
	return getProtectedResource200{out}, nil
}

// scopes are the OAuth scopes that give the scopes, each once.
func (r *ResourceMetadata) scopes(of ...domain.Scope) (scopes []string) {
	seen := map[string]bool{}
	for _, scope := range of {
		for _, each := range r.Scopes[scope] {
			if !seen[each] {
				seen[each] = true
				scopes = append(scopes, each)
			}
		}
	}
	return scopes
}

// addressOf is the URL of the server that a request names; empty if it names no
// host. Tokens travel beyond this machine only with TLS, which a proxy may speak.
func addressOf(r *http.Request) string {
	switch {
	case r.Host == "":
		return ""
	case r.TLS == nil && guard.IsLoopback(r.Host):
		return "http://" + r.Host
	}
	return "https://" + r.Host
}
