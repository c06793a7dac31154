//go:build stdedge

package main

import (
	"net/http"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/stdedge"
)

// newHandler serves the API through the standard library's router, without Gin.
// The build tag stdedge chooses it.
func newHandler(api *rest.API) http.Handler { return stdedge.New(api) }
