package browser

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch records the faults of a page: requests to other hosts, errors and warnings in the
// console, and exceptions. Violations of the Content-Security-Policy are errors there.
type watch struct {
	origins []string

	mu       sync.Mutex
	excused  []string
	faults   []string
	requests int
}

func newWatch(origins []string) *watch { return &watch{origins: origins} }

// note handles an event of the browser.
func (w *watch) note(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.request(e.Request.URL)
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelInfo && e.Entry.Level != log.EntryLevelVerbose {
			w.add("the console has: %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		w.add("a script failed: %s", text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.add("a script wrote to the console: %s", e.Args[0].Value)
		}
	case *page.EventJavascriptDialogOpening:
		w.add("a script opened a dialog: %s", e.Message)
	}
}

func (w *watch) request(address string) {
	if strings.HasPrefix(address, "data:") || strings.HasPrefix(address, "blob:") { // without a request
		return
	}
	if !slices.ContainsFunc(w.origins, func(origin string) bool { return strings.HasPrefix(address, origin+"/") }) {
		w.add("the page sends a request to %s", address)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests++
}

func (w *watch) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// fault returns all faults but the excused ones. A page without requests was not watched.
func (w *watch) fault() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.requests == 0 {
		return errors.New("no request was recorded")
	}
	var faults []error
	for _, fault := range w.faults {
		if !slices.ContainsFunc(w.excused, func(part string) bool { return strings.Contains(fault, part) }) {
			faults = append(faults, errors.New(fault))
		}
	}
	return errors.Join(faults...)
}

// String lists the faults.
func (w *watch) String() string {
	if err := w.fault(); err != nil {
		return err.Error()
	}
	return ""
}

// Excuse makes faults with one of the texts expected, such as the status of a response
// that the test is about.
func (t *Tab) Excuse(parts ...string) {
	t.seen.mu.Lock()
	defer t.seen.mu.Unlock()
	t.seen.excused = append(t.seen.excused, parts...)
}

// Faults returns the faults of all pages of the tab so far.
func (t *Tab) Faults() error { return t.seen.fault() }
