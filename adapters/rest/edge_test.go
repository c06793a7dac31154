package rest_test

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/resttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestAnyRouterWillDo mounts the API on the standard library's router.
func TestAnyRouterWillDo(t *testing.T) {
	resttest.Run(t, func(api *rest.API) http.Handler {
		mux := http.NewServeMux()
		api.Mount(mux)
		mux.HandleFunc("/", api.Unrouted)
		return api.Wrap(mux)
	})
}
