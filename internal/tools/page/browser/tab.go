package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Tab is a tab of a browser. Its methods wait for what they need, and report what does
// not come.
type Tab struct {
	Reporter
	// Origin is the address of the server, without a path.
	Origin string
	// Close closes the tab, which the end of the test does, too.
	Close context.CancelFunc
	ctx   context.Context
	seen  *watch
}

//go:embed find.js
var find string

const (
	// limit is how long to wait for a change of the page, on a very slow machine.
	limit = time.Minute
	// step is how long one evaluation waits for it.
	step = 5 * time.Second
)

func (t *Tab) check(action string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", action, err)
	}
}

func (t *Tab) do(action string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	t.check(action, chromedp.Do(t.ctx, steps...))
}

// Open opens a page of the server, and waits until its files are loaded.
func (t *Tab) Open(path string) {
	t.Helper()
	t.do("opening "+path, chromedp.Navigate(t.Origin+path))
}

// Reload loads the page again.
func (t *Tab) Reload() {
	t.Helper()
	t.do("reloading", chromedp.Reload())
}

// Back goes to the page before.
func (t *Tab) Back() {
	t.Helper()
	t.do("going back", chromedp.NavigateBack())
}

// Resize sets the size of the window.
func (t *Tab) Resize(size Size) {
	t.Helper()
	t.do("resizing", chromedp.EmulateViewport(size.Width, size.Height))
}

// Dark sets whether the system is dark.
func (t *Tab) Dark(dark bool) {
	t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(t.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	t.check("setting the colors", err)
}

// WithoutCache makes the tab ask the server for every file again.
func (t *Tab) WithoutCache() {
	t.Helper()
	_, err := chromedp.Call(t.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	t.check("turning the cache off", err)
}

// Picture returns a PNG of the window, or a small WebP.
func (t *Tab) Picture(small bool) []byte {
	t.Helper()
	params := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng}
	if small {
		params = page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: ptr(int64(85))}
	}
	picture, err := chromedp.Call(t.ctx, page.CaptureScreenshot, params)
	t.check("taking a picture", err)
	return picture.Data
}

// Evaluate runs JavaScript in the page for its effect.
func (t *Tab) Evaluate(script string) {
	t.Helper()
	Evaluate[any](t, script+"\n;null")
}

// Evaluate runs JavaScript in the page and returns its value.
func Evaluate[T any](t *Tab, script string) T {
	t.Helper()
	value, err := evaluate[T](t, script)
	if err != nil {
		t.Fatalf("running %.200s: %v", script, err)
	}
	return value
}

func evaluate[T any](t *Tab, script string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// call calls a function of find.js.
func call[T any](t *Tab, name string, args ...any) T {
	t.Helper()
	value, err := evaluate[T](t, expression(name, args))
	if err != nil {
		t.Fatalf("%s of %v: %v", name, args, err)
	}
	return value
}

func expression(name string, args []any) string {
	list, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		panic(err) // texts and numbers
	}
	return fmt.Sprintf("(%s).%s(...%s)", strings.TrimSpace(find), name, list)
}

// until waits for an operation of find.js to be true.
func (t *Tab) until(operation string, args ...any) {
	t.Helper()
	script := expression("until", append([]any{step.Milliseconds(), operation}, args...))
	for end := time.Now().Add(limit); ; {
		found, err := evaluate[bool](t, script)
		switch {
		case err == nil && found:
			return
		case err != nil && !replaced(err):
			t.Fatalf("waiting for the page (%s %q): %v", operation, args, err)
		case time.Now().After(end):
			t.Fatalf("the page does not come to this: %s %q. It is\n%s", operation, args, t.Outline())
		}
	}
}

// replaced reports whether an evaluation failed because another page came.
func replaced(err error) bool {
	var exception *chromedp.ExceptionError
	if errors.As(err, &exception) {
		return false
	}
	return strings.Contains(err.Error(), "context") || strings.Contains(err.Error(), "navigated")
}

// Outline lists the roles and names of the visible elements.
func (t *Tab) Outline() string {
	text, err := evaluate[string](t, expression("outline", nil))
	if err != nil {
		return err.Error()
	}
	return text + "\n" + t.seen.String()
}
