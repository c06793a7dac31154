package page_test

import (
	"encoding/json"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
)

func TestTheReferenceShowsEveryOperation(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	contract := ask[struct {
		Paths map[string]map[string]json.RawMessage
	}](t, roster, "GET", "/openapi.json", "")
	operations := 0
	for _, path := range contract.Paths {
		for _, method := range []string{"get", "put", "post", "patch", "delete"} {
			if path[method] != nil {
				operations++
			}
		}
	}
	tab.Open("/docs")
	tab.See("link", "/livez")
	tab.Settle()
	if shown := browser.Evaluate[int](tab, `document.querySelectorAll(".opblock").length`); shown != operations || shown == 0 {
		t.Errorf("%d operations are shown, the contract has %d", shown, operations)
	}
}
