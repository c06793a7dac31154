package guard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxTarget is the most bytes of a request's target: its path and query.
const maxTarget = 8 << 10

// ErrPath refuses a path that no operation has.
var ErrPath error = &RefusedError{Path, "there is nothing at this path; see docs/openapi.yaml for what there is"}

// checkTarget refuses a target that no operation has. Routers disagree about a
// path that is not plain, so none sees it.
func checkTarget(r *http.Request) error {
	if n := len(r.RequestURI); n > maxTarget {
		return &RefusedError{Length, "the path and the query have " + strconv.Itoa(n) + " bytes; " + strconv.Itoa(maxTarget) + " is the most"}
	}
	if !isPlain(r.URL) {
		return ErrPath
	}
	return nil
}

// isPlain reports whether a path begins with a slash and has neither an empty
// segment before its last one, nor "." or "..", nor an escaped slash.
func isPlain(u *url.URL) bool {
	path := u.Path
	if !strings.HasPrefix(path, "/") { // "*", or a host alone
		return false
	}
	if u.RawPath != "" && strings.Contains(strings.ToLower(u.RawPath), "%2f") {
		return false
	}
	return !strings.Contains(path, "//") && (!strings.Contains(path, "/.") ||
		!strings.Contains(path+"/", "/./") && !strings.Contains(path+"/", "/../"))
}
