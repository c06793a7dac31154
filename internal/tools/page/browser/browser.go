package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Reporter is told of failures. A *testing.T is one.
type Reporter interface {
	Helper()
	// Fatalf does not return.
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Browser is a running Chromium without a window.
type Browser struct {
	ctx   context.Context
	close []context.CancelFunc
}

// Find returns the path of a Chromium: that of ROSTER_TEST_CHROMIUM, or one in PATH.
func Find() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	if set := os.Getenv("ROSTER_TEST_CHROMIUM"); set != "" {
		names = []string{set}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium (tried %v): install your system's package chromium, or set ROSTER_TEST_CHROMIUM to its path", names)
}

// Start starts a Chromium. The error says what to install.
func Start(ctx context.Context) (*Browser, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	options := append(
		chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("disable-component-update", true),
		// The names and roles of elements can be read by scripts.
		chromedp.Flag("enable-blink-features", "ComputedAccessibilityInfo"),
		// No other host is reached; what a page asks of one is recorded all the same.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en-US"), chromedp.DisableGPU,
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	b := &Browser{}
	allocator, end := chromedp.NewExecAllocator(ctx, options...)
	b.close = append(b.close, end)
	b.ctx, end = chromedp.NewContext(allocator)
	b.close = append(b.close, end)
	if err := chromedp.Do(b.ctx); err != nil {
		b.Close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return b, nil
}

// Close ends Chromium.
func (b *Browser) Close() {
	for i := len(b.close) - 1; i >= 0; i-- {
		b.close[i]()
	}
}

// Size is the size of a window in CSS pixels.
type Size struct{ Width, Height int64 }

// The sizes of windows: of a desktop, and the narrowest that pages must fit (WCAG 1.4.10).
var (
	Wide   = Size{1280, 900}
	Narrow = Size{320, 800}
)

// Tab opens a tab in a profile of its own, in light colors, for pages of the origin.
// Requests to other origins are recorded, unless they are allowed.
func (b *Browser) Tab(r Reporter, origin string, allowed ...string) *Tab {
	r.Helper()
	seen := newWatch(append([]string{origin}, allowed...))
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(seen.note))
	r.Cleanup(cancel)
	t := &Tab{Reporter: r, Origin: origin, ctx: ctx, seen: seen, Close: cancel}
	t.do("opening a tab", chromedp.EmulateViewport(Wide.Width, Wide.Height))
	// So that several tabs at a time have the focus.
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	t.check("giving the tab the focus", err)
	// So that roles and names are computed once, not for each element that is asked for its own.
	_, err = chromedp.Call(ctx, accessibility.Enable, cdp.Empty{})
	t.check("computing names", err)
	t.Dark(false)
	return t
}

// Downloads makes the tab save files in a folder, and returns a function that waits for
// the next one and returns its contents.
func (t *Tab) Downloads(folder string) (next func() []byte) {
	t.Helper()
	id := chromedp.FromContext(t.ctx).BrowserContextID
	_, err := chromedp.CallBrowser(t.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, BrowserContextID: id, DownloadPath: folder, EventsEnabled: ptr(true),
	})
	t.check("allowing downloads", err)
	events := chromedp.BrowserEvents(t.ctx, browser.DownloadProgress)
	return func() []byte {
		t.Helper()
		for event, err := range events {
			t.check("waiting for a download", err)
			switch event.State {
			case browser.DownloadProgressStateCompleted:
				content, err := os.ReadFile(folder + "/" + event.GUID)
				t.check("reading a download", err)
				return content
			case browser.DownloadProgressStateCanceled:
				t.Fatalf("the download was canceled")
			case browser.DownloadProgressStateInProgress:
			}
		}
		t.check("waiting for a download", errors.New("the browser has ended"))
		return nil
	}
}

func ptr[T any](value T) *T { return &value }
