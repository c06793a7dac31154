// Package resttest is the test suite for edges of Roster's HTTP API. It checks every
// request and every response against docs/openapi.yaml, which it finds in a folder
// above the working directory.
package resttest

import (
	"net/http"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
)

// Edge makes a handler of an API, as ginedge.New does.
type Edge func(*rest.API) http.Handler

// Run runs the suite on an edge.
func Run(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testOperations(t, edge) })
	t.Run("commands reach the store as they were sent", func(t *testing.T) { testCommands(t, edge) })
	t.Run("bodies that break the contract are refused", func(t *testing.T) { testBodies(t, edge) })
	t.Run("parameters that break the contract are refused", func(t *testing.T) { testParameters(t, edge) })
	t.Run("bodies that are not JSON, or too large, are refused", func(t *testing.T) { testMedia(t, edge) })
	t.Run("methods and paths outside the contract are refused", func(t *testing.T) { testRouting(t, edge) })
	t.Run("errors become problems", func(t *testing.T) { testErrors(t, edge) })
	t.Run("pages and hosts that are not permitted are refused", func(t *testing.T) { testGuard(t, edge) })
	t.Run("failures are logged and nothing else", func(t *testing.T) { testLogs(t, edge) })
	t.Run("a process that shuts down asks clients to close", func(t *testing.T) { testDraining(t, edge) })
	t.Run("a process knows whether its readiness is checked", func(t *testing.T) { testChecks(t, edge) })
	t.Run("large requests have a budget", func(t *testing.T) { testMemory(t, edge) })
	t.Run("a response is of a type that the client accepts", func(t *testing.T) { testNegotiation(t, edge) })
	t.Run("targets are limited", func(t *testing.T) { testTargets(t, edge) })
	t.Run("responses are compressed where the client accepts it", func(t *testing.T) { testCompression(t, edge) })
	t.Run("a request joins its caller's trace", func(t *testing.T) { testTraces(t, edge) })
	t.Run("lists are filtered, ordered and counted", func(t *testing.T) { testLists(t, edge) })
	t.Run("pages lead to pages, and cursors can't be forged", func(t *testing.T) { testLinks(t, edge) })
	t.Run("links and locations are right behind a prefix", func(t *testing.T) { testPrefix(t, edge) })
	t.Run("changes are followed", func(t *testing.T) { testChanges(t, edge) })
	t.Run("fields select the fields of users", func(t *testing.T) { testFields(t, edge) })
	t.Run("searches have filters, pages and highlights", func(t *testing.T) { testSearch(t, edge) })
	t.Run("reports have filters, pages, series and CSV", func(t *testing.T) { testReports(t, edge) })
	t.Run("writes and reads obey conditions", func(t *testing.T) { testConditions(t, edge) })
	t.Run("patches tell absent from null", func(t *testing.T) { testPatches(t, edge) })
	t.Run("preferences are followed", func(t *testing.T) { testPreferences(t, edge) })
	t.Run("keys make repeated requests one", func(t *testing.T) { testKeys(t, edge) })
	t.Run("large erasures go on in the background", func(t *testing.T) { testErasures(t, edge) })
	t.Run("organizations", func(t *testing.T) { testOrganizations(t, edge) })
	t.Run("memberships", func(t *testing.T) { testMemberships(t, edge) })
	t.Run("API keys", func(t *testing.T) { testAPIKeys(t, edge) })
	t.Run("the log", func(t *testing.T) { testLog(t, edge) })
	t.Run("webhooks", func(t *testing.T) { testWebhooks(t, edge) })
	t.Run("clients are told how to authenticate", func(t *testing.T) { testResource(t, edge) })
	t.Run("plans", func(t *testing.T) { testPlans(t, edge) })
	t.Run("events", func(t *testing.T) { testEvents(t, edge) })
	t.Run("the store's refusals become problems", func(t *testing.T) { testRefusals(t, edge) })
	t.Run("operations need rights", func(t *testing.T) { testRights(t, edge) })
	t.Run("rates limit what each caller may ask", func(t *testing.T) { testRates(t, edge) })
	t.Run("collections are imported and exported as streams", func(t *testing.T) { testBulk(t, edge) })
	t.Run("an import reads values as other requests do", func(t *testing.T) { testSameValues(t, edge) })
	t.Run("the contract and its page are served", func(t *testing.T) { testReference(t, edge) })
	t.Run("the page of the directory is served", func(t *testing.T) { testAdmin(t, edge) })
	t.Run("the generated client calls every operation", func(t *testing.T) { testClient(t, edge) })
	t.Run("a real connection behaves", func(t *testing.T) { testConnections(t, edge) })
}
