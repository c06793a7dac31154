package ginedge

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/resttest"
)

func TestGinCarriesStreams(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	resttest.RunStreams(t, func(api *rest.API, pattern string, handler http.HandlerFunc) http.Handler {
		engine := gin.New()
		mux{engine}.HandleFunc(pattern, handler)
		return api.Middleware(engine)
	})
}
