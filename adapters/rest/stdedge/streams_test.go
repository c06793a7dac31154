package stdedge_test

import (
	"net/http"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/resttest"
)

func TestTheStandardLibraryCarriesStreams(t *testing.T) {
	resttest.RunStreams(t, func(api *rest.API, pattern string, handler http.HandlerFunc) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc(pattern, handler)
		return api.Middleware(mux)
	})
}
