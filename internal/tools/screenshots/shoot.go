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

// shoot returns a picture of the reference with one open operation.
func shoot(ctx context.Context, browser, origin string, size screen, operations int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	ctx, cancelBrowser := chromedp.NewExecAllocator(ctx, options...)
	defer cancelBrowser()
	seen := &monitor{origin: origin}
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

// visit opens the reference and one operation. It returns a picture and the number
// of operations.
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
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](`windom.scrollTo(0, 0), 0`)); err != nil {
		return nil, 0, err
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	return picture, shown, err
}

// monitor records the faults of a page.
type monitor struct {
	origin   string
	mu       sync.Mutex
	faults   []error
	requests int
}

// note handles an event of the browser.
func (m *monitor) note(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		m.request(e.Request.URL)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			m.add("%s has the status %d", e.Response.URL, e.Response.Status)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelInfo && e.Entry.Level != log.EntryLevelVerbose {
			m.add("the console has: %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		m.add("a script failed: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			m.add("a script wrote to the console: %s", e.Args[0].Value)
		}
	}
}

func (m *monitor) request(address string) {
	if strings.HasPrefix(address, "data:") { // an image in a style sheet, without a request
		return
	}
	if !strings.HasPrefix(address, m.origin+"/") {
		m.add("the page sends a request to %s", address)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests++
}

func (m *monitor) add(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, fmt.Errorf(format, args...))
}

// fault returns all faults. A page without requests was not monitored.
func (m *monitor) fault() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests == 0 {
		return errors.New("no request was recorded")
	}
	return errors.Join(m.faults...)
}
