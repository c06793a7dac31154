package guard

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// originPolicy says which web pages may use Roster: those on the loopback
// interface, those on the list, and those that Roster's own host serves.
type originPolicy struct {
	any  bool
	list []string
}

// Header values, which no response changes.
var (
	// Every response varies with its encoding: a small one does once it grows.
	varyOrigin   = []string{"Origin, Accept-Encoding"}
	varyEncoding = []string{"Accept-Encoding"}
	anyOrigin    = []string{"*"}
	corsMethods  = []string{"GET, HEAD, POST, PUT, PATCH, DELETE"}
	corsHeaders  = []string{"Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, If-None-Match, " +
		"If-Unmodified-Since, Prefer, traceparent, tracestate, X-Request-Id"}
	corsExposed = []string{"Accept-Patch, Allow, Deprecation, ETag, Link, Location, Preference-Applied, Retry-After, Sunset, " +
		"traceresponse, X-Request-Id, X-Total-Count, X-Total-Kind"}
	corsMaxAge    = []string{"7200"}
	preflightVary = []string{"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
	// anyHeaders names Authorization, which the asterisk does not include.
	anyHeaders = []string{"*, Authorization"}
)

func newOriginPolicy(origins []string) (originPolicy, error) {
	var policy originPolicy
	for _, origin := range origins {
		if origin == "*" {
			policy.any = true
			continue
		}
		parsed, err := url.Parse(origin)
		if err != nil || parsed.Host == "" || parsed.Scheme == "" || parsed.Scheme+"://"+parsed.Host != origin {
			return originPolicy{}, fmt.Errorf("AllowedOrigins: %q is not an origin; "+
				"write it as in \"https://app.example.com\", or \"*\" for any", origin)
		}
		policy.list = append(policy.list, strings.ToLower(origin))
	}
	return policy, nil
}

// admit sets the CORS headers, answers a preflight, and refuses a request of a
// page that may not use Roster. It does not reach the handler: a page that can't
// read the response could still write.
func (p originPolicy) admit(w http.ResponseWriter, r *http.Request) (answered bool, err error) {
	header := w.Header()
	header["Vary"] = varyOrigin
	if p.any {
		header["Vary"] = varyEncoding
	}
	origins := r.Header["Origin"]
	if len(origins) == 0 {
		if !p.any && isCrossSite(r) {
			return false, refusedOrigin()
		}
		return false, nil
	}
	if len(origins) > 1 || !p.permits(origins[0], r.Host) {
		return false, refusedOrigin()
	}
	preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	p.setHeaders(header, origins[:1:1], preflight)
	if preflight {
		w.WriteHeader(http.StatusNoContent)
	}
	return preflight, nil
}

func (p originPolicy) setHeaders(header http.Header, origin []string, preflight bool) {
	methods, headers, exposed := corsMethods, corsHeaders, corsExposed
	if p.any {
		origin, methods, headers, exposed = anyOrigin, anyOrigin, anyHeaders, anyOrigin
	}
	header["Access-Control-Allow-Origin"] = origin
	if !preflight {
		header["Access-Control-Expose-Headers"] = exposed
		return
	}
	header["Vary"] = preflightVary
	header["Access-Control-Allow-Methods"] = methods
	header["Access-Control-Allow-Headers"] = headers
	header["Access-Control-Max-Age"] = corsMaxAge
}

func (p originPolicy) permits(origin, host string) bool {
	if p.any || slices.Contains(p.list, origin) {
		return true
	}
	scheme, authority, ok := strings.Cut(origin, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return false
	}
	return authority == host || isLoopback(hostname(authority))
}

// isCrossSite reports whether a page of another site made the request without an
// Origin header, as for an image. A link that somebody follows is allowed: the
// page learns nothing of what the browser shows next.
func isCrossSite(r *http.Request) bool {
	site := r.Header["Sec-Fetch-Site"]
	if len(site) == 0 || site[0] != "cross-site" {
		return false
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	return !reads || r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

func refusedOrigin() error {
	return &RefusedError{Origin, "pages of this origin may not use Roster; add the origin to ROSTER_CORS"}
}
