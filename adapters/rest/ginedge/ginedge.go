// Package ginedge serves Roster's HTTP API through Gin. It uses only Gin's router, and
// no middleware. No handler knows Gin.
package ginedge

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/roster-directory/roster/adapters/rest"
)

// New returns a handler that serves api. It sets Gin's global mode to release, in
// which Gin logs nothing itself.
func New(api *rest.API) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.NoRoute(gin.WrapF(api.Unrouted))
	if err := engine.SetTrustedProxies(nil); err != nil {
		panic("ginedge: " + err.Error()) // an empty list can't be malformed
	}
	api.Mount(mux{engine})
	return api.Middleware(engine)
}

// mux registers the routes of the API on Gin.
type mux struct{ engine *gin.Engine }

// HandleFunc registers a handler for a pattern as http.ServeMux reads them. The
// handler gets the request's own context, not Gin's, which is reused.
func (m mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.NewReplacer("{", ":", "}", "").Replace(path)
	serve := func(c *gin.Context) {
		for _, param := range c.Params {
			c.Request.SetPathValue(param.Key, param.Value)
		}
		c.Request.Pattern = pattern
		handler(c.Writer, c.Request)
	}
	m.engine.Handle(method, path, serve)
	if method == http.MethodGet {
		m.engine.HEAD(path, serve)
	}
}
