package page_test

import "testing"

func TestTheReferenceShowsEveryOperation(t *testing.T) {
	t.Parallel()
	_, tab := serve(t, empty)
	tab.Open("/docs")
	tab.Settle()
	tab.See("link", "/livez")
	tab.Reach("link", "/openapi.json")
	tab.Activate("link", "/openapi.json")
	tab.SeeText("responses")
}
