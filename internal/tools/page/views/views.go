// Package views opens each view of the page at /admin, for tests and pictures.
package views

import "github.com/roster-directory/roster/internal/tools/page/browser"

// View is a state of the page, on a directory that `roster demo` makes.
type View struct {
	Name string
	// Open leads there from anywhere, and waits until all of it is shown.
	Open func(*browser.Tab)
}

// All are the views, the most important one first.
func All() []View {
	return []View{
		{"people", func(t *browser.Tab) { open(t, "#/people", "table", "People") }},
		{"search", func(t *browser.Tab) { open(t, "#/people?q=ada+oneill", "table", "People who match ada oneill") }},
		{"nobody", func(t *browser.Tab) {
			t.Open("/admin#/people?q=qqqqqqqqqqqq")
			t.SeeText("Nobody matches")
		}},
		{"filters", func(t *browser.Tab) { open(t, "#/people?status=suspended", "combobox", "Status") }},
		{"person", Person},
		{"edit", func(t *browser.Tab) { dialog(t, Person, "Edit", "Edit …") }},
		{"erase", func(t *browser.Tab) { dialog(t, Person, "Erase…", "Erase …") }},
		{"add", func(t *browser.Tab) {
			dialog(t, func(t *browser.Tab) { open(t, "#/people", "table", "People") }, "Add a person", "Add a person")
		}},
		{"organizations", Organizations},
		{"organization", Organization},
		{"add-member", func(t *browser.Tab) { dialog(t, Organization, "Add a member", "Add a member…") }},
		{"add-organization", func(t *browser.Tab) { dialog(t, Organizations, "Add an organization", "Add an organization") }},
		{"engagement", Engagement},
		{"bars", func(t *browser.Tab) { open(t, "#/engagement?chart=bars&bucket=week", "image", "Events by week…") }},
		{"figures", func(t *browser.Tab) {
			Engagement(t)
			t.Activate("summary", "Figures of the chart")
			t.See("table", "Figures: …")
		}},
		{"activity", func(t *browser.Tab) { open(t, "#/activity", "image", "People at the end of each month…") }},
		{"import", func(t *browser.Tab) { open(t, "#/import", "heading", "Import") }},
		{"keys", func(t *browser.Tab) { open(t, "#/keys", "heading", "Keys") }},
		{"make-key", func(t *browser.Tab) {
			dialog(t, func(t *browser.Tab) { open(t, "#/keys", "heading", "Keys") }, "Make a key", "Make a key")
		}},
		{"model", func(t *browser.Tab) {
			open(t, "#/model", "heading", "Events")
			t.SeeText("is the newest user")
		}},
		{"no-room", func(t *browser.Tab) { open(t, "#/nowhere", "heading", "No such room") }},
		{"no-person", func(t *browser.Tab) { open(t, "#/people/nobody", "heading", "No such person") }},
	}
}

// open opens a view by its address and waits for an element of it.
func open(t *browser.Tab, address, role, name string) {
	t.Helper()
	t.Open("/admin" + address)
	t.See(role, name)
	t.Settle()
}

func dialog(t *browser.Tab, below func(*browser.Tab), button, title string) {
	t.Helper()
	below(t)
	t.Activate("button", button)
	t.See("dialog", title)
	t.Settle()
}

// Person opens the view of Ada O'Neil, who is in every made-up directory.
func Person(t *browser.Tab) {
	t.Helper()
	open(t, "#/people?q=ada.oneil", "link", "Ada O'Neil")
	t.Activate("link", "Ada O'Neil")
	t.See("heading", "Ada O'Neil")
	t.See("heading", "Attributes")
	t.Settle()
}

// Organizations opens the list of organizations.
func Organizations(t *browser.Tab) {
	t.Helper()
	open(t, "#/organizations?sort=name", "table", "Organizations")
	t.See("table", "Plans")
}

// AnOrganization is the first one by name of every made-up directory.
const AnOrganization = "Amber Analytics Labs"

// Organization opens the view of an organization with members.
func Organization(t *browser.Tab) {
	t.Helper()
	Organizations(t)
	t.Activate("link", AnOrganization)
	t.See("table", "Members of …")
	t.Settle()
}

// Engagement opens the report of the last 30 days.
func Engagement(t *browser.Tab) {
	t.Helper()
	open(t, "#/engagement", "image", "Events by day…")
}
