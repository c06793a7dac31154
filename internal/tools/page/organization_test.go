package page_test

import (
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
)

// addMember adds a person to the organization that is open, in a dialog.
func addMember(tab *browser.Tab, name string) {
	tab.Activate("button", "Add a member")
	tab.Fill("searchbox", "Search for a person", name)
	tab.Toggle("radio", name+"…")
	tab.Activate("button", "Add")
}

func TestMembersComeAndGoUpToTheSeatsAndTheLastOwner(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	tab.Excuse("status of 409")
	ada, grace := addUser(t, roster, "ada", "Ada Lovelace"), addUser(t, roster, "grace", "Grace Hopper")
	addUser(t, roster, "mary", "Mary Shelley")
	tab.Open("/admin#/organizations/" + addOrganization(t, roster, "Acme", "2", ada))
	tab.See("heading", "Acme")
	tab.SeeText("1 of 2 seats used")

	addMember(tab, "Grace Hopper")
	tab.SeeText("Added Grace Hopper to Acme as member.")
	tab.SeeText("2 of 2 seats used: no seat is left")
	addMember(tab, "Mary Shelley")
	tab.See("alert", "")
	tab.SeeText("seats")
	tab.Activate("button", "Cancel")
	tab.SeeNo("link", "Mary Shelley")

	tab.Activate("button", "Remove Ada Lovelace from Acme")
	tab.SeeText("owner")
	tab.See("alert", "")
	tab.See("link", "Ada Lovelace")
	tab.Choose("Role of Grace Hopper in Acme", "owner")
	tab.SeeText("Grace Hopper is owner of Acme now.")
	tab.Choose("Role of Ada Lovelace in Acme", "member")
	tab.SeeText("Ada Lovelace is member of Acme now.")
	tab.Activate("button", "Remove Ada Lovelace from Acme")
	tab.SeeText("Removed Ada Lovelace from Acme.")
	tab.SeeNo("link", "Ada Lovelace")
	tab.SeeText("1 of 2 seats used")
	addMember(tab, "Mary Shelley")
	tab.See("link", "Mary Shelley")

	tab.Activate("link", "Grace Hopper")
	tab.See("heading", "Grace Hopper")
	tab.Activate("button", "Suspend") // the last active owner
	tab.See("alert", "")
	if got := ask[user](t, roster, "GET", "/users/"+grace.ID, "").Status; got != "active" {
		t.Errorf("the last owner is %s", got)
	}
}

func TestAnOrganizationIsAdded(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	addUser(t, roster, "ada", "Ada Lovelace")
	tab.Open("/admin#/organizations")
	tab.SeeText("There are no plans.")
	tab.Activate("button", "Add a plan")
	tab.Fill("textbox", "Code", "team")
	tab.Fill("textbox", "Name", "Team")
	tab.Fill("textbox", "Seats", "3")
	tab.Activate("button", "Add")
	tab.See("table", "Plans")
	tab.Activate("button", "Add an organization")
	tab.Fill("textbox", "Name", "Analytical Engines")
	tab.Fill("searchbox", "Search for a person", "lovelac")
	tab.Toggle("radio", "Ada Lovelace…")
	tab.Activate("button", "Add")
	tab.See("heading", "Analytical Engines")
	tab.SeeText("1 of 3 seats used")
	tab.Activate("button", "Close the message: Added the plan Team.")
	tab.Activate("button", "Undo…")
	tab.SeeText("There are no organizations yet.")
}
