// Package chiedge serves Roster's HTTP API through chi. It shows how to write an edge
// of your own.
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

// direct routes the request itself. Chi would route a copy, and the API could not see
// its pattern. It routes by the decoded path, not by the escaped one.
func direct(router *chi.Mux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := chi.NewRouteContext()
		route.Routes, route.RoutePath = router, r.URL.Path
		*r = *r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, route))
		router.ServeHTTP(w, r)
	})
}

// mux registers the routes of the API on chi, which sets Request.PathValue itself.
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
