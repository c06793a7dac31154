//go:build stdedge

package main

import (
	"net/http"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/stdedge"
)

// newHandler serves the API through the standard library's router: the build
// of -tags stdedge, in which there is no Gin.
func newHandler(api *rest.API) http.Handler { return stdedge.New(api) }
