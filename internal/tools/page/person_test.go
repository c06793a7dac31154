package page_test

import (
	"slices"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
)

func TestASearchFindsWhileSomebodyTypes(t *testing.T) {
	t.Parallel()
	_, tab := serve(t, people)
	tab.Open("/admin")
	tab.See("table", "People")
	tab.Press("/")
	tab.SeeFocus("searchbox", "Search people")
	for typed := range slices.Values([]string{"ada", " one", "ill"}) { // with a typing error
		tab.Type(typed)
	}
	tab.See("table", "People who match ada oneill")
	tab.See("link", "Ada O'Neil")
	tab.SeeText("Spelled alike")
	tab.SeeAddress("q=ada+oneill")
	tab.SeeFocus("searchbox", "Search people")
	tab.Activate("link", "Ada O'Neil")
	tab.See("heading", "Ada O'Neil")
	tab.Back()
	tab.See("table", "People who match ada oneill")
	tab.SeeValue("searchbox", "Search people", "ada oneill")
	tab.Fill("searchbox", "Search people", "")
	tab.See("table", "People")
}

// Only the last request's answer is shown: those before it are aborted.
func TestTypingAbortsOlderSearches(t *testing.T) {
	t.Parallel()
	_, tab := serve(t, people)
	tab.Open("/admin")
	tab.See("table", "People")
	browser.Evaluate[any](tab, `window.aborted = 0, window.before = fetch, window.fetch = (request, init) => {
		const signal = init?.signal ?? request.signal;
		signal?.addEventListener('abort', () => aborted++);
		return before(request, init);
	}, null`)
	tab.Fill("searchbox", "Search people", "gonzalez lopez garcia")
	tab.SeeAddress("q=gonzalez+lopez+garcia")
	tab.Settle()
	if aborted := browser.Evaluate[int](tab, "window.aborted"); aborted < 3 {
		t.Errorf("%d requests were aborted while 21 letters were typed", aborted)
	}
}

func TestAPersonIsEditedAndTheEditIsUndone(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	addUser(t, roster, "grace", "Grace Hopper")
	tab.Open("/admin#/people")
	tab.Activate("link", "Grace Hopper")
	tab.Activate("button", "Edit")
	tab.See("dialog", "Edit Grace Hopper")
	tab.Fill("textbox", "Name", "Rear Admiral Grace Hopper")
	tab.Fill("textbox", "Attributes", `{"rank": "rear admiral"}`)
	tab.Activate("button", "Save")
	tab.SeeNo("dialog", "")
	tab.See("heading", "Rear Admiral Grace Hopper")
	if got := userNamed(t, roster, "grace"); got.DisplayName != "Rear Admiral Grace Hopper" || got.Attributes["rank"] != "rear admiral" {
		t.Errorf("stored is %+v", got)
	}
	tab.SeeText("Changed Rear Admiral Grace Hopper.")
	tab.Activate("button", "Undo…")
	tab.See("heading", "Grace Hopper")
	if got := userNamed(t, roster, "grace"); got.DisplayName != "Grace Hopper" || len(got.Attributes) != 0 {
		t.Errorf("after the undo, stored is %+v", got)
	}
}

func TestAFaultOfAFieldIsShownAtTheField(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	tab.Excuse("status of 409", "status of 422")
	addUser(t, roster, "grace", "Grace Hopper")
	tab.Open("/admin#/people")
	tab.Activate("button", "Add a person")
	tab.Fill("textbox", "Username", "grace")
	tab.Fill("textbox", "Email", "no address")
	tab.Activate("button", "Add")
	tab.See("alert", "")
	accessible(t, tab, "a refused form")
	invalid := browser.Evaluate[[]string](tab, `[...document.querySelectorAll('[aria-invalid=true]')].map((e) => e.computedName)`)
	if !slices.Equal(invalid, []string{"Email"}) {
		t.Errorf("marked are %q", invalid)
	}
	tab.Fill("textbox", "Email", "grace@example.com")
	tab.Activate("button", "Add")
	tab.SeeText("taken")
	if got := tab.Value("textbox", "Username"); got != "grace" {
		t.Errorf("the form has lost the username: %q", got)
	}
	tab.Press(browser.Escape)
	tab.SeeNo("dialog", "")
	tab.SeeFocus("button", "Add a person")
}

func TestTwoBrowsersEditOnePersonAndNothingIsLost(t *testing.T) {
	t.Parallel()
	roster, mine := serve(t, empty)
	theirs := open(t, roster)
	mine.Excuse("status of 412")
	addUser(t, roster, "grace", "Grace Hopper")
	for tab := range slices.Values([]*browser.Tab{mine, theirs}) {
		tab.Open("/admin#/people")
		tab.Activate("link", "Grace Hopper")
		tab.Activate("button", "Edit")
	}
	theirs.Fill("textbox", "Name", "Grace of theirs")
	theirs.Fill("textbox", "Email", "theirs@example.com")
	theirs.Activate("button", "Save")
	theirs.See("heading", "Grace of theirs")
	mine.Fill("textbox", "Name", "Grace of mine")
	mine.Fill("textbox", "Username", "mine")
	mine.Activate("button", "Save")

	mine.See("dialog", "Somebody else was faster")
	for _, part := range []string{
		"Before: Grace Hopper", "Mine: Grace of mine", "Theirs: Grace of theirs", // changed by both
		"Mine: mine", "Theirs: grace", "Mine: grace@example.com", "Theirs: theirs@example.com", // changed by one
	} {
		mine.SeeText(part)
	}
	accessible(t, mine, "mine and theirs")
	mine.Activate("button", "Save what is chosen")
	mine.SeeNo("dialog", "")
	mine.See("heading", "Grace of mine")
	got := userNamed(t, roster, "mine")
	if got.DisplayName != "Grace of mine" || got.Email != "theirs@example.com" {
		t.Errorf("stored is %+v", got)
	}
}

func TestASuspensionAndADeletionAreUndone(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	stored := addUser(t, roster, "grace", "Grace Hopper")
	status := func() string { return ask[user](t, roster, "GET", "/users/"+stored.ID, "").Status }
	tab.Open("/admin#/people/" + stored.ID)
	tab.Activate("button", "Suspend")
	tab.SeeText("Suspended Grace Hopper.")
	if status() != "suspended" {
		t.Error("the user is not suspended")
	}
	tab.Activate("button", "Undo…")
	tab.SeeText("Undone.")
	tab.See("button", "Suspend")
	tab.Settle() // what belongs to the person is read again, too
	if status() != "active" {
		t.Error("the suspension is not undone")
	}
	tab.Activate("button", "Delete")
	tab.SeeText("Deleted Grace Hopper.")
	tab.SeeText("The directory is empty.")
	tab.Activate("button", "Undo…")
	tab.See("heading", "Grace Hopper")
	tab.Activate("button", "Erase…")
	tab.Activate("button", "Cancel")
	tab.Activate("button", "Erase…")
	tab.Activate("button", "Erase for good")
	tab.SeeText("Erased Grace Hopper for good.")
	if left := ask[[]user](t, roster, "GET", "/users?deleted=include", ""); len(left) != 0 {
		t.Errorf("left are %+v", left)
	}
}
