// Package chiedge serves Roster's HTTP API through chi: a third edge, outside
// Roster, in as many lines as it takes.
package chiedge

import (
	"context"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/roster-directory/roster/adapters/rest"
)

// New returns a handler that serves api.
func New(api *rest.API) http.Handler {
	router := chi.NewRouter()
	router.NotFound(api.Unrouted)
	router.MethodNotAllowed(api.Unrouted)
	api.Mount(mux{router})
	return api.Middleware(direct(router))
}

// direct routes the request itself, where chi would route a copy on which the
// API can't see the pattern; and by its path as it is meant, not as it is
// escaped.
func direct(router *chi.Mux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := chi.NewRouteContext()
		route.Routes, route.RoutePath = router, r.URL.Path
		*r = *r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, route))
		router.ServeHTTP(w, r)
	})
}

// mux lets the API register its routes on chi, which hands the parameters of a
// path over as Request.PathValue.
type mux struct{ router chi.Router }

// HandleFunc registers a handler for a pattern as http.ServeMux reads them.
func (m mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	serve := func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = pattern
		handler(w, r)
	}
	m.router.MethodFunc(method, path, serve)
	if method == http.MethodGet {
		m.router.Head(path, serve)
	}
}
