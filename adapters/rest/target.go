package rest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// mostTarget is the most bytes of a request's target: its path and query.
const mostTarget = 8 << 10

// checkTarget refuses targets that no operation has.
func checkTarget(r *http.Request) error {
	if len(r.RequestURI) > mostTarget {
		return newProblem(kindTooLong, "the path and the query have "+strconv.Itoa(len(r.RequestURI))+" bytes; "+strconv.Itoa(mostTarget)+" is the most")
	}
	if !isPlain(r.URL) {
		return noPath() // routers disagree about such paths: none gets to see them
	}
	return nil
}

// isPlain reports whether a path has no empty segment, but for a last one, none
// that means this folder or the one above, and no slash that is escaped.
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
