package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// TokenSource returns the token of a request, which is an API key or an access token of
// a provider that Roster trusts. The client calls it for every request, from several
// goroutines at once; keep the token until it expires. The context is that of the request.
//
// A TokenSource of golang.org/x/oauth2 is one by a function that returns the AccessToken
// of its Token.
type TokenSource func(context.Context) (string, error)

// TokenOption changes how a token is sent.
type TokenOption func(*authorization)

// OverPlainHTTP sends the token also where the address is neither https nor on this
// machine. Everybody on the way can read it then, and use it.
func OverPlainHTTP() TokenOption { return func(a *authorization) { a.plainHTTP = true } }

// WithToken sends a token with every request, as WithTokenSource does.
func WithToken(token string, options ...TokenOption) ClientOption {
	if err := checkToken(token); err != nil {
		return func(*Client) error { return err }
	}
	return WithTokenSource(func(context.Context) (string, error) { return token, nil }, options...)
}

// WithTokenSource sends the token of a source with every request. The token goes to the
// server of the client and nowhere else: a redirect to another scheme, host or port is
// followed without it. This holds for the default HTTP client and any *http.Client; another
// HttpRequestDoer must see to it by itself.
//
// A request fails where it would carry the token in plain HTTP to another machine.
func WithTokenSource(source TokenSource, options ...TokenOption) ClientOption {
	return func(c *Client) error {
		if source == nil {
			return errors.New("client: the token source is nil")
		}
		a := &authorization{source: source}
		for _, option := range options {
			option(a)
		}
		c.RequestEditors = append(c.RequestEditors, func(ctx context.Context, r *http.Request) error {
			// Options are applied in any order, so that the HTTP client is known only now.
			a.once.Do(func() { c.Client = withoutForeignRedirects(c.Client) })
			return a.authorize(ctx, r)
		})
		return nil
	}
}

// authorization adds tokens to the requests of a client.
type authorization struct {
	source    TokenSource
	plainHTTP bool
	once      sync.Once
}

func (a *authorization) authorize(ctx context.Context, r *http.Request) error {
	if r.URL.Scheme != "https" && !a.plainHTTP && !isLoopback(r.URL.Hostname()) {
		return fmt.Errorf("client: the token would travel in the open to %s: use https, or OverPlainHTTP", r.URL.Host)
	}
	token, err := a.source(ctx)
	if err != nil {
		return fmt.Errorf("client: getting the token: %w", err)
	}
	if err := checkToken(token); err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// checkToken refuses what can't be a token. The error does not show it.
func checkToken(token string) error {
	if token == "" {
		return errors.New("client: the token is empty")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("client: the token has a space, a line break or another character that no token has")
	}
	return nil
}

func isLoopback(host string) bool {
	address := net.ParseIP(host)
	return address != nil && address.IsLoopback() || strings.EqualFold(host, "localhost")
}

// withoutForeignRedirects returns an HTTP client that removes the token from requests to
// another server. By itself net/http keeps it for other ports, other schemes and
// subdomains.
func withoutForeignRedirects(doer HttpRequestDoer) HttpRequestDoer {
	given, ok := doer.(*http.Client)
	if !ok {
		return doer
	}
	guarded := *given
	guarded.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if !sameServer(r.URL, via[0].URL) {
			r.Header.Del("Authorization")
		}
		if given.CheckRedirect != nil {
			return given.CheckRedirect(r, via)
		}
		if len(via) >= maxRedirects {
			return fmt.Errorf("client: stopped after %d redirects", maxRedirects)
		}
		return nil
	}
	return &guarded
}

// maxRedirects is that of net/http.
const maxRedirects = 10

func sameServer(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	switch port := u.Port(); {
	case port != "":
		return port
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
