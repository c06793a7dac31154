//go:build !stdedge

package main

import (
	"net/http"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/ginedge"
)

// newHandler serves the API through Gin.
func newHandler(api *rest.API) http.Handler { return ginedge.New(api) }
