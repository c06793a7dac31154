package rest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/rest/guard"
)

// ServeMux is what the router of an edge must offer: patterns as http.ServeMux
// reads them ("GET /users/{id}", which serves HEAD, too), the parameters in
// Request.PathValue and the pattern in Request.Pattern.
type ServeMux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// Mount registers the API's routes. It also registers the methods that a path
// does not have: a router would else take GET /users/search for GET /users/{id}.
func (a *API) Mount(mux ServeMux) {
	for _, each := range a.routes() {
		mux.HandleFunc(each.method+" "+each.path, announcing(each))
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

// Unrouted answers a request that has no route: 405, or 204 to OPTIONS, where
// the contract has the path, else 404. A browser that opens / is led to the page. The
// router of an edge must call it for every such request.
func (a *API) Unrouted(w http.ResponseWriter, r *http.Request) {
	r.Pattern = "" // the router may have set a pattern of its own
	known, ok := a.paths.find(r.URL.Path)
	if !ok && leadToPage(w, r) {
		return
	}
	if !ok {
		a.failures.answer(w, r, guard.ErrPath)
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
	a.failures.answer(w, r, newProblem(kindMethod, "this path has only the methods "+known.allow))
}
