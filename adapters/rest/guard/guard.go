// Package guard decides which requests reach a handler. It checks the host that
// a request names, the web page that sends it, and its target.
package guard

import (
	"fmt"
	"net/http"
)

// Rule is what a refused request breaks.
type Rule int

// The rules, in the order in which they are checked.
const (
	// Host is a Host header that names neither this machine nor an allowed host.
	Host Rule = iota + 1
	// Origin is a web page that may not use Roster.
	Origin
	// Length is a target that is too long.
	Length
	// Path is a path that no operation has.
	Path
)

// RefusedError is the error of a request that must not reach a handler.
type RefusedError struct {
	Rule Rule
	// Detail is for the client.
	Detail string
}

// Error returns the detail.
func (e *RefusedError) Error() string { return e.Detail }

// Guard checks requests. It is safe for concurrent use.
type Guard struct {
	hosts   hostPolicy
	origins originPolicy
}

// New allows hosts and origins besides those of this machine; "*" allows any.
// The error names the one that is malformed.
func New(hosts, origins []string) (*Guard, error) {
	allowedOrigins, err := parseAllowlist("AllowedOrigins", origins, ParseOrigin)
	if err != nil {
		return nil, err
	}
	allowedHosts, err := parseAllowlist("AllowedHosts", hosts, ParseHost)
	if err != nil {
		return nil, err
	}
	return &Guard{hosts: hostPolicy{allowedHosts}, origins: originPolicy{allowedOrigins}}, nil
}

// allowlist is what an option allows: a list, and any where that has "*".
type allowlist struct {
	any  bool
	list []string
}

// parseAllowlist reads the texts of an option. The error names the option.
func parseAllowlist(option string, texts []string, parse func(string) (string, error)) (allowlist, error) {
	var allowed allowlist
	for _, text := range texts {
		value, err := parse(text)
		if err != nil {
			return allowlist{}, fmt.Errorf("%s: %q %w", option, text, err)
		}
		if value == "*" {
			allowed.any = true
			continue
		}
		allowed.list = append(allowed.list, value)
	}
	return allowed, nil
}

// Admit checks a request and sets the CORS headers of its response. It returns
// a RefusedError for one that must not reach a handler. It answers a CORS
// preflight itself, and then returns true.
func (g *Guard) Admit(w http.ResponseWriter, r *http.Request) (answered bool, err error) {
	if !g.hosts.allows(r.Host) {
		return false, &RefusedError{Host, "this server does not answer for the host that the request names; " +
			"ask for localhost or 127.0.0.1, or set ROSTER_HOSTS"}
	}
	if answered, err := g.origins.admit(w, r); answered || err != nil {
		return answered, err
	}
	return false, checkTarget(r)
}
