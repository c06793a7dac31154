package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

// AccessTokens admits callers by access tokens of an identity provider.
type AccessTokens interface {
	// Authenticate returns the caller of a token. The error is Unauthenticated, and
	// shows nothing of the token; or Unavailable.
	Authenticate(ctx context.Context, token string) (domain.Principal, error)
}

// byToken authenticates requests by the bearer token of RFC 6750, section 2.1: an API
// key, or else an access token.
func byToken(keys *app.APIKeys, tokens AccessTokens) func(*http.Request) (domain.Principal, error) {
	return func(r *http.Request) (domain.Principal, error) {
		text, err := bearerToken(r.Header)
		if err != nil {
			return domain.Principal{}, err
		}
		if tokens != nil && !domain.IsAPIToken(text) {
			return tokens.Authenticate(r.Context(), text)
		}
		token, err := domain.ParseAPIToken(text)
		if err != nil {
			return domain.Principal{}, err
		}
		return keys.Authenticate(r.Context(), token)
	}
}

// bearerToken is the token in the header Authorization.
func bearerToken(header http.Header) (string, error) {
	const fix = "send Authorization: Bearer, a space and the token, once"
	values := header["Authorization"]
	if len(values) == 0 {
		return "", &domain.Error{
			Kind: domain.Unauthenticated, Reason: domain.ReasonMissing, Detail: "the request has no token", Fix: fix,
		}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.Trim(token, " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,") {
		return "", &domain.Error{
			Kind: domain.Unauthenticated, Reason: domain.ReasonCredentials, Detail: "the header Authorization has no bearer token", Fix: fix,
		}
	}
	return token, nil
}
