package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// screen is a size of the browser's window, in CSS pixels.
type screen struct {
	name          string
	width, height int64
}

// shoot returns a picture of the reference with one operation open.
func shoot(ctx context.Context, browser, origin string, size screen, operations int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	ctx, cancelBrowser := chromedp.NewExecAllocator(ctx, options...)
	defer cancelBrowser()
	seen := &witness{origin: origin}
	ctx, cancelTab := chromedp.NewContext(ctx, chromedp.WithListener(seen.note))
	defer cancelTab()
	picture, shown, err := visit(ctx, origin, size)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the reference is not shown: %w", err), seen.fault())
	}
	if shown != operations {
		return nil, fmt.Errorf("%d operations are shown, the contract has %d", shown, operations)
	}
	return picture, seen.fault()
}

// visit opens the reference and one operation in it; it returns a picture and
// how many operations are shown.
func visit(ctx context.Context, origin string, size screen) ([]byte, int, error) {
	err := chromedp.Do(
		ctx, chromedp.EmulateViewport(size.width, size.height), chromedp.Navigate(origin+"/docs"),
		chromedp.WaitVisible(chromedp.CSS(".opblock")),
		chromedp.Click(chromedp.CSS("#operations-users-getUser .opblock-summary-control")),
		chromedp.WaitVisible(chromedp.CSS("#operations-users-getUser .responses-table")),
	)
	if err != nil {
		return nil, 0, err
	}
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll(".opblock").length`))
	if err != nil {
		return nil, 0, err
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](`window.scrollTo(0, 0), 0`)); err != nil {
		return nil, 0, err
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	return picture, shown, err
}

// witness notes what a page must not do.
type witness struct {
	origin string
	mu     sync.Mutex
	faults []error
	asked  int
}

// note takes an event of the browser.
func (w *witness) note(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.request(e.Request.URL)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			w.add("%s was answered by %d", e.Response.URL, e.Response.Status)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelInfo && e.Entry.Level != log.EntryLevelVerbose {
			w.add("the console says: %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		w.add("a script failed: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.add("a script wrote to the console: %s", e.Args[0].Value)
		}
	}
}

func (w *witness) request(address string) {
	if strings.HasPrefix(address, "data:") { // an image within a style: no request
		return
	}
	if !strings.HasPrefix(address, w.origin+"/") {
		w.add("the page asks %s", address)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
}

func (w *witness) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fmt.Errorf(format, args...))
}

// fault returns all that was noted. A page that asked for nothing was not watched.
func (w *witness) fault() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked == 0 {
		return errors.New("no request was seen")
	}
	return errors.Join(w.faults...)
}
