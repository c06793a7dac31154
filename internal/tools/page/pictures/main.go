// Command pictures takes pictures of the page and of the reference of a Roster that serves
// a made-up directory:
//
//	pictures ROSTER FOLDER
//	pictures -rooms ROSTER FOLDER
//
// The first writes PNGs of every view in light, dark and narrow windows; the second writes
// small WebPs of the rooms, for documents. Either fails if a page sends a request to
// another host, or has an error or a warning in its console.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
	"github.com/roster-directory/roster/internal/tools/page/views"
)

// rooms are the views for documents.
var rooms = []string{"people", "search", "person", "organization", "engagement", "activity", "import", "keys", "model"}

func main() {
	onlyRooms := flag.Bool("rooms", false, "write WebPs of the rooms only")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "pictures: pass the path of Roster and a folder")
		os.Exit(2)
	}
	if err := server.Program("pictures", func(r *server.Run) { take(r, flag.Arg(0), flag.Arg(1), *onlyRooms) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func take(r *server.Run, program, folder string, onlyRooms bool) {
	roster := server.Start(r, program, nil, "demo")
	chromium, err := browser.Start(context.Background())
	if err != nil {
		r.Fatalf("%v", err)
	}
	r.Cleanup(chromium.Close)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		r.Fatalf("%v", err)
	}
	tab := chromium.Tab(r, roster.URL)
	tab.Excuse("status of 400", "status of 404") // of views that are about them
	for _, view := range views.All() {
		tab.Resize(browser.Wide)
		tab.Dark(false)
		if onlyRooms && !slices.Contains(rooms, view.Name) {
			continue
		}
		view.Open(tab)
		for _, scheme := range []string{"light", "dark"} {
			tab.Dark(scheme == "dark")
			write(r, tab, filepath.Join(folder, view.Name+"-"+scheme), onlyRooms)
		}
		if !onlyRooms {
			tab.Resize(browser.Narrow)
			write(r, tab, filepath.Join(folder, view.Name+"-narrow"), false)
		}
	}
	if !onlyRooms {
		reference(r, tab, folder)
	}
	if err := tab.Faults(); err != nil {
		r.Fatalf("%v", err)
	}
}

func write(r *server.Run, tab *browser.Tab, path string, small bool) {
	r.Helper()
	path += map[bool]string{true: ".webp", false: ".png"}[small]
	if err := os.WriteFile(path, tab.Picture(small), 0o644); err != nil {
		r.Fatalf("%v", err)
	}
	fmt.Println(path)
}

// reference takes pictures of the reference of the API, with one open operation.
func reference(r *server.Run, tab *browser.Tab, folder string) {
	tab.Dark(false)
	for name, size := range map[string]browser.Size{"wide": {Width: 1280, Height: 1400}, "narrow": {Width: 390, Height: 2400}} {
		tab.Resize(size)
		tab.Open("/docs")
		tab.See("link", "/livez")
		tab.Evaluate("document.querySelector('#operations-users-getUser .opblock-summary-control').click()")
		tab.See("table", "")
		tab.Evaluate("scrollTo(0, 0)")
		write(r, tab, filepath.Join(folder, "reference-"+name), false)
	}
}
