package browser

import (
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The keys that are no characters.
const (
	Enter  = kb.Enter
	Escape = kb.Escape
	Space  = " "
	Right  = kb.ArrowRight
	Home   = kb.Home
)

// See waits for a visible element with the role and the name. A name of "" is any, and
// one that ends with "…" is the beginning of a name.
func (t *Tab) See(role, name string) {
	t.Helper()
	t.until("has", role, name)
}

// SeeNo waits until there is no such element.
func (t *Tab) SeeNo(role, name string) {
	t.Helper()
	t.until("lacks", role, name)
}

// SeeText waits until the page shows a text, in which white space is single spaces.
func (t *Tab) SeeText(text string) {
	t.Helper()
	t.until("shows", text)
}

// SeeNoText waits until the page does not show a text.
func (t *Tab) SeeNoText(text string) {
	t.Helper()
	t.until("hides", text)
}

// SeeValue waits until a field has a value.
func (t *Tab) SeeValue(role, name, value string) {
	t.Helper()
	t.until("value", role, name, value)
}

// SeeFocus waits until an element has the focus.
func (t *Tab) SeeFocus(role, name string) {
	t.Helper()
	t.until("isFocused", role, name)
}

// SeeAddress waits until the address has a part.
func (t *Tab) SeeAddress(part string) {
	t.Helper()
	t.until("at", part)
}

// Settle waits until the page says that it is not busy, also when the effects of what
// happened before have run.
func (t *Tab) Settle() {
	t.Helper()
	t.until("idle")
	call[any](t, "twoFrames")
	t.until("idle")
}

// Names returns the names of the visible elements with a role.
func (t *Tab) Names(role string) []string {
	t.Helper()
	return call[[]string](t, "names", role)
}

// Texts returns the texts of the visible elements with a role.
func (t *Tab) Texts(role string) []string {
	t.Helper()
	return call[[]string](t, "texts", role)
}

// Value returns the value of a field.
func (t *Tab) Value(role, name string) string {
	t.Helper()
	t.See(role, name)
	return call[string](t, "value", role, name)
}

// focused returns the role and the name of the element that has the focus.
func (t *Tab) focused() (role, name string) {
	t.Helper()
	focused := call[struct{ Role, Name string }](t, "focused")
	return focused.Role, focused.Name
}

// Press presses keys.
func (t *Tab) Press(keys string, modifiers ...chromedp.Modifier) {
	t.Helper()
	t.do("pressing keys", keyEvents(keys, modifiers))
}

// Reach gives the focus to an element, and holds that the Tab key does, too: from the
// element before it, as Shift and Tab find that. An element that shows no focus ring is a
// failure. Where something else appears meanwhile, it tries again on the settled page.
func (t *Tab) Reach(role, name string) {
	t.Helper()
	if !t.tabTo(role, name) {
		t.Settle()
		if !t.tabTo(role, name) {
			gotRole, got := t.focused()
			t.Fatalf("the Tab key reaches %s %q instead of %s %q. The page is\n%s", gotRole, got, role, name, t.Outline())
		}
	}
	if !call[struct{ Ring bool }](t, "focused").Ring {
		t.Fatalf("%s %q has the focus and does not show it", role, name)
	}
}

// tabTo moves the focus with the Tab key, and reports whether it reaches the element.
func (t *Tab) tabTo(role, name string) bool {
	t.Helper()
	t.until("enabled", role, name)
	call[any](t, "focus", role, name)
	t.Press(kb.Tab, chromedp.ModifierShift)
	t.Press(kb.Tab)
	return call[bool](t, "isFocused", role, name)
}

// Activate reaches a button or a link and presses Enter.
func (t *Tab) Activate(role, name string) {
	t.Helper()
	t.Reach(role, name)
	t.Press(Enter)
}

// Toggle reaches a checkbox or a radio button and presses Space.
func (t *Tab) Toggle(role, name string) {
	t.Helper()
	t.Reach(role, name)
	t.Press(Space)
}

// Fill reaches a field and replaces its text by keys.
func (t *Tab) Fill(role, name, text string) {
	t.Helper()
	t.Reach(role, name)
	t.Press("a", chromedp.ModifierCtrl)
	if text == "" {
		t.Press(kb.Delete)
	}
	t.Type(text)
}

// Type types a text, as an input method does for characters that keyboards lack.
func (t *Tab) Type(text string) {
	t.Helper()
	t.do("typing", keyEvents(text, nil))
}

// Paste gives the focused field a text at once.
func (t *Tab) Paste(text string) {
	t.Helper()
	t.do("pasting", insertText(text))
}

// Choose reaches a list and chooses an option by typing its beginning.
func (t *Tab) Choose(name, option string) {
	t.Helper()
	t.Reach("combobox", name)
	t.Type(option)
}

// Click presses an element with the mouse.
func (t *Tab) Click(role, name string) {
	t.Helper()
	t.until("enabled", role, name)
	at := call[struct{ X, Y float64 }](t, "middle", role, name)
	t.do("clicking", chromedp.MouseClickXY(at.X, at.Y))
}

// Pick opens a file chooser with the keyboard and picks a file.
func (t *Tab) Pick(role, name, path string) {
	t.Helper()
	_, err := chromedp.Call(t.ctx, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
	t.check("waiting for a file chooser", err)
	t.Reach(role, name)
	opened, err := chromedp.Run(t.ctx, chromedp.WaitEvent(page.FileChooserOpened, nil, keyEvents(Enter, nil)))
	t.check("opening a file chooser", err)
	picked := dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: opened.BackendNodeID}
	_, err = chromedp.Call(t.ctx, dom.SetFileInputFiles, picked)
	t.check("picking a file", err)
}
