package page_test

import "testing"

func TestThePageOutlivesTheServer(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	tab.Excuse("net::ERR_")
	grace := addUser(t, roster, "grace", "Grace Hopper")
	tab.Open("/admin#/people/" + grace.ID)
	tab.Activate("button", "Edit")
	tab.Fill("textbox", "Name", "Rear Admiral Grace Hopper")
	roster.Stop()
	tab.Activate("button", "Save")
	tab.SeeText("Roster can't be reached; the page asks again by itself.") // it gave up to save
	roster.StartAgain()
	tab.SeeNoText("The page asks again every second")
	tab.SeeValue("textbox", "Name", "Rear Admiral Grace Hopper")
	tab.Activate("button", "Save")
	tab.See("heading", "Rear Admiral Grace Hopper")
	if got := userNamed(t, roster, "grace").DisplayName; got != "Rear Admiral Grace Hopper" {
		t.Errorf("stored is %q", got)
	}
}
