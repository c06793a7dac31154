package page_test

import (
	"path/filepath"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
	"github.com/roster-directory/roster/internal/tools/page/views"
)

func TestEveryViewIsAccessibleAndFitsNarrowScreens(t *testing.T) {
	t.Parallel()
	_, tab := serve(t, people)
	tab.Excuse("status of 400", "status of 404")
	for _, view := range views.All() {
		tab.Resize(browser.Wide)
		view.Open(tab)
		for _, dark := range []bool{false, true} {
			tab.Dark(dark)
			accessible(t, tab, view.Name)
		}
		tab.Dark(false)
		tab.Resize(browser.Narrow)
		if by := tab.Overflow(); by > 0 {
			t.Errorf("%s: 320 pixels are too narrow by %d", view.Name, by)
		}
		accessible(t, tab, view.Name+", narrow")
	}
}

// accessible fails the test for each violation that axe-core finds in the page.
func accessible(t *testing.T, tab *browser.Tab, where string) {
	t.Helper()
	root, err := server.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, violation := range tab.Axe(filepath.Join(root, "bin/axe-core-4.14.1/node_modules/axe-core/axe.min.js")) {
		t.Errorf("%s: %s", where, violation)
	}
}
