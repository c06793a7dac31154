package page_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
)

// What a stranger is asked to do without reading anything: find a person by half a name
// with a typing error, suspend her, and see what her organization did last week.
func TestAStrangerFindsTheWay(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, people)
	tab.Open("/")
	tab.Fill("searchbox", "Search people", "dorothy lovlace")
	tab.Activate("link", "Dorothy Lovelace")
	tab.Activate("button", "Suspend")
	tab.SeeText("Suspended Dorothy Lovelace.")
	tab.See("table", "Organizations of Dorothy Lovelace")
	organization := browser.Evaluate[string](tab, `document.querySelector('section[aria-label=Organizations] th a').textContent`)
	tab.Activate("link", organization)
	tab.See("heading", organization)
	tab.Activate("link", "What its members did")
	tab.See("table", "Engagement by organization")
	tab.Activate("button", "7 days")
	tab.SeeAddress("from=")
	tab.Settle()
	tab.See("link", organization)
	if rows := tab.Names("rowheader"); len(rows) == 0 || rows[0] != organization {
		t.Errorf("the report is of %q, not of %s", rows, organization)
	}
	for _, name := range append(tab.Names("button"), tab.Names("link")...) {
		if strings.Contains(strings.ToLower(name), "invite") {
			t.Errorf("there is %q", name)
		}
	}
	if suspended := ask[[]user](t, roster, "GET", "/users?status=suspended&limit=1&sort=-updated_at", ""); len(suspended) == 0 {
		t.Error("nobody is suspended")
	}
}

func TestTheAddressHoldsTheView(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, people)
	tab.Open("/admin#/people")
	tab.See("table", "People")
	tab.Activate("summary", "Filters and order")
	tab.Choose("Status", "Suspended")
	tab.SeeAddress("status=suspended")
	tab.Settle()
	tab.Activate("button", "Next page")
	tab.SeeAddress("cursor=")
	tab.See("button", "First page")
	tab.Settle()
	mine := strings.Join(tab.Names("rowheader"), "\n")
	colleague := open(t, roster)
	colleague.Open(strings.TrimPrefix(browser.Evaluate[string](tab, "location.href"), roster.URL))
	colleague.See("button", "First page")
	colleague.Settle()
	if theirs := strings.Join(colleague.Names("rowheader"), "\n"); theirs != mine || mine == "" {
		t.Errorf("the same address shows\n%s\nand\n%s", mine, theirs)
	}
}
