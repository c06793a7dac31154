// Package stdedge serves Roster's HTTP API through the standard library's
// router.
package stdedge

import (
	"net/http"

	"github.com/roster-directory/roster/adapters/rest"
)

// New returns a handler that serves api.
func New(api *rest.API) http.Handler {
	mux := http.NewServeMux()
	api.Mount(mux)
	mux.HandleFunc("/", api.Unrouted)
	return api.Middleware(mux)
}
