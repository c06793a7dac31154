package rest

import (
	"net/http"
	"slices"
	"strings"
)

// route is an operation of the contract.
type route struct {
	method, path string
	handle       http.HandlerFunc
	// deprecated and sunset are dates, "2026-11-23"; empty for most operations.
	deprecated, sunset string
}

// patchTypes are the media types of a patch, as in the header Accept-Patch.
var patchTypes = []string{"application/merge-patch+json, application/json"}

// knownPath is a path of the contract and its methods.
type knownPath struct {
	segments []string
	methods  []string
	// allow is the value of the header Allow.
	allow string
}

// knownPaths are the paths of a contract, in the order of its routes.
type knownPaths []knownPath

func newKnownPaths(routes []route) knownPaths {
	var known knownPaths
	for _, each := range routes {
		segments := strings.Split(each.path[1:], "/")
		i := slices.IndexFunc(known, func(k knownPath) bool { return slices.Equal(k.segments, segments) })
		if i < 0 {
			i, known = len(known), append(known, knownPath{segments: segments, methods: []string{http.MethodOptions}})
		}
		known[i].methods = append(known[i].methods, each.method)
		if each.method == http.MethodGet {
			known[i].methods = append(known[i].methods, http.MethodHead)
		}
		slices.Sort(known[i].methods)
		known[i].allow = strings.Join(known[i].methods, ", ")
	}
	return known
}

// find returns the path that a request's path belongs to. /users/search is a
// path of its own, not that of a user.
func (p knownPaths) find(path string) (knownPath, bool) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if i := slices.IndexFunc(p, func(k knownPath) bool { return slices.Equal(k.segments, segments) }); i >= 0 {
		return p[i], true
	}
	i := slices.IndexFunc(p, func(k knownPath) bool { return slices.EqualFunc(k.segments, segments, segmentMatches) })
	if i < 0 {
		return knownPath{}, false
	}
	return p[i], true
}

func segmentMatches(pattern, segment string) bool {
	return pattern == segment || strings.HasPrefix(pattern, "{") && segment != ""
}
