// Command measure measures the page as a person sees it, in Chromium, on a made-up
// directory of Roster:
//
//	measure -users 200000 ROSTER
//
// It prints how long a running browser takes to paint the page with nothing in its cache,
// and how long after each key of a search its result is painted.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
)

// terms are typed letter by letter: names in several scripts, usernames, addresses, and
// names with typing errors.
var terms = []string{
	"ada oneill", "zoe lefevre", "gonzalez", "jurgen muller", "ruediger krueger", "malgorzta nowak", "smith", "frank wrihgt",
	"anais moreau", "joaquin@", "soeren.strauss", "mary-jane mcdonald", "concepcion zuniga", "dorothy lovelace", "xquzwv",
}

//go:embed latency.js
var latency string

func main() {
	users := flag.Int("users", 200_000, "number of users")
	opened := flag.Int("open", 30, "how often the page is opened")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "measure: pass the path of Roster")
		os.Exit(2)
	}
	if err := server.Program("measure", func(r *server.Run) { measure(r, flag.Arg(0), *users, *opened) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(r *server.Run, program string, users, opened int) {
	roster := server.Start(r, program, nil, "demo", "--users", strconv.Itoa(users), "--events", strconv.Itoa(5*users))
	chromium, err := browser.Start(context.Background())
	if err != nil {
		r.Fatalf("%v", err)
	}
	r.Cleanup(chromium.Close)
	fmt.Printf("%-44s %8s %8s %8s %8s\n", "milliseconds", "median", "95%", "99%", "worst")
	var paints, lists []float64
	tab := chromium.Tab(r, roster.URL)
	tab.Open("/admin") // starts the process that shows pages of this address
	tab.See("table", "People")
	tab.WithoutCache()
	for range opened {
		tab.Open("/admin")
		tab.See("table", "People")
		paints = append(paints, browser.Evaluate[float64](tab, `performance.getEntriesByName('first-contentful-paint')[0].startTime`))
		lists = append(lists, browser.Evaluate[float64](tab, `new Promise((resolve) => new PerformanceObserver((list) =>
			resolve(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))`))
	}
	tab.Close()
	report("from the address to the first paint", paints)
	report("from the address to the list of people", lists)
	report("from a key to the result of the search", search(chromium.Tab(r, roster.URL)))
}

// search types the terms and returns how long each letter's result took.
func search(tab *browser.Tab) []float64 {
	tab.Open("/admin")
	tab.See("table", "People")
	tab.Evaluate(latency)
	var took []float64
	for _, term := range terms {
		tab.Fill("searchbox", "Search people", "")
		tab.See("table", "People")
		for _, letter := range term {
			tab.Evaluate("window.painted = undefined")
			tab.Type(string(letter))
			if letter != ' ' { // which changes no result
				took = append(took, browser.Evaluate[float64](tab, "nextPainted()"))
			}
		}
	}
	return took
}

func report(what string, times []float64) {
	slices.Sort(times)
	at := func(share float64) float64 { return times[min(len(times)-1, int(share*float64(len(times))))] }
	fmt.Printf("%-44s %8.1f %8.1f %8.1f %8.1f   (%d times)\n", what, at(0.5), at(0.95), at(0.99), times[len(times)-1], len(times))
}
