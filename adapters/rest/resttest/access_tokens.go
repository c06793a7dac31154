package resttest

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

// accessTokens is a rest.AccessTokens with one good token.
type accessTokens struct{ err error }

func (a accessTokens) Authenticate(_ context.Context, token string) (domain.Principal, error) {
	if token == "header.claims.signature" {
		return domain.Principal{Subject: "https://id.example.com|ada", Scopes: []domain.Scope{domain.ScopeRead}}, nil
	}
	return domain.Principal{}, a.err
}

func testAccessTokens(t *testing.T, edge Edge) {
	const good, bad = "Bearer header.claims.signature", "Bearer header.claims.other"
	expired := &domain.Error{
		Kind: domain.Unauthenticated, Reason: domain.ReasonCredentials, Detail: "the access token has expired", Fix: "get a new one",
	}
	w := newWorld(t, edge, func(o *rest.Options) { o.Authenticate, o.AccessTokens = nil, accessTokens{expired} })
	accepted(t, w.ask(t, "GET", adaPath, "", "Authorization", good), 200, adaJSON)
	me := `{"subject":"https://id.example.com|ada","scopes":["read"],"roles":{}}`
	accepted(t, w.ask(t, "GET", "/me", "", "Authorization", good), 200, me)
	refused(t, w.ask(t, "DELETE", adaPath, "", "Authorization", good), 403, "denied")
	response := w.ask(t, "GET", adaPath, "", "Authorization", bad)
	refused(t, response, 401, "unauthenticated")
	want := `Bearer error="invalid_token", error_description="the access token has expired"`
	if challenge := response.Header().Get("WWW-Authenticate"); challenge != want {
		t.Errorf("WWW-Authenticate is %q", challenge)
	}
	if n := len(w.apiKeys.StoredAPIKeyCalls()); n != 0 {
		t.Errorf("%d keys were looked up", n)
	}
	refused(t, w.ask(t, "GET", adaPath, "", "Authorization", "Bearer roster_x"), 401, "unauthenticated")

	unavailable := &domain.Error{Kind: domain.Unavailable, Reason: domain.ReasonUnreachable, Detail: "the keys can't be read"}
	w = newWorld(t, edge, func(o *rest.Options) { o.Authenticate, o.AccessTokens = nil, accessTokens{unavailable} })
	refused(t, w.ask(t, "GET", adaPath, "", "Authorization", bad), 503, "unavailable")

	w = newWorld(t, edge, func(o *rest.Options) { o.Authenticate = nil })
	refused(t, w.ask(t, "GET", adaPath, "", "Authorization", good), 401, "unauthenticated")
}
