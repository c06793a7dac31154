package guard

import (
	"net/http"
	"slices"
	"strings"
)

// originPolicy says which web pages may use Roster: those on the loopback
// interface, those on the list, and those that Roster's own host serves.
type originPolicy struct{ allowlist }

// Header values, which no response changes.
var (
	// Every response varies with its encoding: a small one does once it grows.
	varyOrigin   = []string{"Origin, Accept-Encoding"}
	varyEncoding = []string{"Accept-Encoding"}
	anyOrigin    = []string{"*"}
	corsMethods  = []string{"GET, HEAD, POST, PUT, PATCH, DELETE"}
	corsHeaders  = []string{"Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, If-None-Match, " +
		"If-Unmodified-Since, Prefer, traceparent, tracestate, X-Request-Id"}
	corsExposed = []string{"Accept-Patch, Allow, Deprecation, ETag, Link, Location, Preference-Applied, RateLimit, RateLimit-Policy, " +
		"Retry-After, Sunset, traceresponse, WWW-Authenticate, X-Request-Id, X-Total-Count, X-Total-Kind"}
	corsMaxAge    = []string{"7200"}
	preflightVary = []string{"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
	// anyHeaders names Authorization, which the asterisk does not include.
	anyHeaders = []string{"*, Authorization"}
)

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
	p.setHeaders(header, origins[:1:1])
	if preflight {
		p.setPreflight(header, r.Header)
		w.WriteHeader(http.StatusNoContent)
	}
	return preflight, nil
}

func (p originPolicy) setHeaders(header http.Header, origin []string) {
	if p.any {
		header["Access-Control-Allow-Origin"], header["Access-Control-Expose-Headers"] = anyOrigin, anyOrigin
		return
	}
	header["Access-Control-Allow-Origin"], header["Access-Control-Expose-Headers"] = origin, corsExposed
}

// setPreflight allows a page of a permitted origin what it asks for.
func (p originPolicy) setPreflight(header, asked http.Header) {
	methods, headers := corsMethods, corsHeaders
	if p.any {
		methods, headers = anyOrigin, anyHeaders
	}
	delete(header, "Access-Control-Expose-Headers")
	header["Vary"] = preflightVary
	header["Access-Control-Allow-Methods"] = methods
	header["Access-Control-Allow-Headers"] = withAsked(headers, asked["Access-Control-Request-Headers"])
	header["Access-Control-Max-Age"] = corsMaxAge
}

// The most header fields for which a preflight may ask, and the most bytes of a name.
const (
	maxAskedHeaders = 64
	maxHeaderName   = 128
)

// withAsked adds the header fields that a page asks for, such as those of tracing, to
// those that Roster reads. Roster ignores them. A name that no header can have is left
// out.
func withAsked(known, asked []string) []string {
	list, count := known[0], 0
	for _, line := range asked {
		for name := range strings.SplitSeq(line, ",") {
			if count++; count > maxAskedHeaders {
				return []string{list}
			}
			name = strings.Trim(name, " \t")
			if name != "" && len(name) <= maxHeaderName && strings.Trim(name, headerCharacters) == "" && !contains(list, name) {
				list += ", " + name
			}
		}
	}
	return []string{list}
}

// headerCharacters are those of a header field's name (RFC 9110, section 5.6.2), but
// for the asterisk, which would stand for any.
const headerCharacters = "!#$%&'+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// contains reports whether a list of header fields has a name, in any case.
func contains(list, name string) bool {
	for each := range strings.SplitSeq(list, ", ") {
		if strings.EqualFold(each, name) {
			return true
		}
	}
	return false
}

func (p originPolicy) permits(origin, host string) bool {
	if p.any || slices.Contains(p.list, origin) {
		return true
	}
	scheme, authority, ok := strings.Cut(origin, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return false
	}
	if authority == host || isLoopback(hostname(authority)) {
		return true
	}
	if len(p.list) == 0 {
		return false
	}
	sent, err := ParseOrigin(origin) // such as one with a dot at its end
	return err == nil && slices.Contains(p.list, sent)
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
