package rest

import (
	"net/http"
	"slices"
	"strings"
)

// ServeMux is what an edge's router must offer: patterns as http.ServeMux reads
// them ("GET /users/{id}", which is for HEAD, too), the parameters given by
// Request.SetPathValue and the pattern by Request.Pattern.
type ServeMux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// route is an operation of the contract.
type route struct {
	method, path string
	handle       func(http.ResponseWriter, *http.Request)
	// answers are the media types of what it answers with, the one that is
	// sent unless asked otherwise first; none where answers have no body.
	answers []string
	// deprecated and sunset are the dates of that, "2026-11-23"; empty for most.
	deprecated, sunset string
}

// guarded is the handler of a route behind what the contract says of all
// handlers.
func (a *API) guarded(each route) func(http.ResponseWriter, *http.Request) {
	deprecation := newDeprecation(each.deprecated, each.sunset)
	return func(w http.ResponseWriter, r *http.Request) {
		if len(each.answers) > 1 {
			header := w.Header()
			header["Vary"] = append(slices.Clip(header["Vary"]), "Accept")
		}
		if deprecation != nil {
			deprecation.announce(w)
		}
		if r.Header["Accept"] != nil || r.Header["Accept-Encoding"] != nil {
			if err := negotiate(r.Header, each.answers); err != nil {
				a.fail(w, r, err)
				return
			}
		}
		each.handle(w, r)
	}
}

// patchTypes are the media types of a patch, as in the header Accept-Patch.
var patchTypes = []string{"application/merge-patch+json, application/json"}

// knownPath is a path of the contract and what may be asked of it.
type knownPath struct {
	segments []string
	methods  []string
	// allow is the value of the header Allow.
	allow string
}

// Mount registers the API's routes. A method that a path does not have is
// registered too: a router would take GET /users/search for GET /users/{id}.
func (a *API) Mount(mux ServeMux) {
	for _, each := range a.routes() {
		mux.HandleFunc(each.method+" "+each.path, a.guarded(each))
	}
	for _, known := range a.paths {
		for _, method := range []string{
			http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch,
			http.MethodDelete, http.MethodOptions,
		} {
			if method == http.MethodOptions || !slices.Contains(known.methods, method) {
				mux.HandleFunc(method+" /"+strings.Join(known.segments, "/"), a.Unrouted)
			}
		}
	}
}

// Unrouted answers a request for which there is no route: 405 or, to OPTIONS,
// 204, where the contract has the path, else 404. An edge's router must call it
// wherever it finds no handler.
func (a *API) Unrouted(w http.ResponseWriter, r *http.Request) {
	r.Pattern = "" // the router's own, where it has one for everything else
	known, ok := a.match(r.URL.Path)
	if !ok {
		a.fail(w, r, noPath())
		return
	}
	w.Header()["Allow"] = []string{known.allow}
	if r.Method == http.MethodOptions {
		if slices.Contains(known.methods, http.MethodPatch) {
			w.Header()["Accept-Patch"] = patchTypes
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.fail(w, r, newProblem(kindMethod, "this path answers "+known.allow+" only"))
}

func noPath() error {
	return newProblem(kindNoPath, "there is nothing at this path; see docs/openapi.yaml for what there is")
}

func (a *API) match(path string) (knownPath, bool) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if i := slices.IndexFunc(a.paths, func(k knownPath) bool { return slices.Equal(k.segments, segments) }); i >= 0 {
		return a.paths[i], true // /users/search is a path of its own, not a user's
	}
	i := slices.IndexFunc(a.paths, func(k knownPath) bool { return slices.EqualFunc(k.segments, segments, segmentMatches) })
	if i < 0 {
		return knownPath{}, false
	}
	return a.paths[i], true
}

func segmentMatches(pattern, segment string) bool {
	return pattern == segment || strings.HasPrefix(pattern, "{") && segment != ""
}

// knownPaths gathers the methods of each path, in the order of the routes.
func knownPaths(routes []route) []knownPath {
	var known []knownPath
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
