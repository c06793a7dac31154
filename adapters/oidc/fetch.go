package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxDocument is the size of the largest document of a provider that is read.
const maxDocument = 512 << 10

// CheckIssuer returns an error that says why a text can't be an issuer: only https is
// safe, and http on this machine.
func CheckIssuer(text string) error {
	address, err := url.Parse(text)
	switch {
	case err != nil || address.Host == "" || address.Opaque != "":
		return errors.New("an issuer is no URL: write it as the provider does in iss, as in https://id.example.com/realms/staff")
	case address.User != nil || address.RawQuery != "" || address.ForceQuery || address.Fragment != "":
		return errors.New("an issuer has a user, a query or a fragment: write it as the provider does in iss")
	case !secure(address, true):
		return fmt.Errorf("the issuer %s does not begin with https: over http its keys could be exchanged", strconv.Quote(text))
	}
	return nil
}

// secure reports whether nobody between here and a URL can change what it answers.
func secure(address *url.URL, local bool) bool {
	return address.Scheme == "https" || local && address.Scheme == "http" && isLoopback(address.Hostname())
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.IsLoopback()
}

// newClient makes the client for the providers. It follows no redirects, which could
// lead from https to http, or into the own network.
func newClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: fetchTimeout}).DialContext,
			TLSHandshakeTimeout: fetchTimeout, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		}
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// source is where the keys of an issuer are fetched.
type source struct {
	issuer string
	client *http.Client
}

// keySet fetches the keys: the place that OpenID Connect Discovery 1.0 tells, then the
// key set.
func (s source) keySet(ctx context.Context) (*keySet, error) {
	place := strings.TrimSuffix(s.issuer, "/") + "/.well-known/openid-configuration"
	body, err := s.get(ctx, place)
	if err != nil {
		return nil, err
	}
	var document struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, fmt.Errorf("%s is no JSON object: %w", place, err)
	}
	if document.Issuer != s.issuer {
		return nil, fmt.Errorf("%s is of the issuer %.100q: write that into ROSTER_TOKEN_ISSUERS, if it is the right one", place, document.Issuer)
	}
	keys, err := url.Parse(document.Keys)
	if err != nil || keys.Host == "" || keys.User != nil || !secure(keys, strings.HasPrefix(s.issuer, "http:")) {
		return nil, fmt.Errorf("%s has no jwks_uri that begins with https", place)
	}
	if body, err = s.get(ctx, document.Keys); err != nil {
		return nil, err
	}
	set, err := parseKeySet(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", document.Keys, err)
	}
	return set, nil
}

func (s source) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json, application/jwk-set+json")
	request.Header.Set("User-Agent", "roster")
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // nothing is written
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s instead of 200", address, strconv.Itoa(response.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	if err == nil && len(body) > maxDocument {
		err = fmt.Errorf("%s has more than %d bytes", address, maxDocument)
	}
	return body, err
}
