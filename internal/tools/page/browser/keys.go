package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyEvents presses and releases keys. Unlike chromedp.KeyEvent, a key that a page
// prevents the default of types no character.
func keyEvents(keys string, modifiers []chromedp.Modifier) chromedp.Action[chromedp.Void] {
	var pressed int64
	for _, m := range modifiers {
		pressed |= int64(m)
	}
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		for _, key := range keys {
			for _, event := range joined(kb.Encode(key)) {
				event.Modifiers |= pressed
				if pressed&int64(chromedp.ModifierCtrl) != 0 {
					event.Text = ""
				}
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *event); err != nil {
					return chromedp.Void{}, err
				}
			}
		}
		return chromedp.Void{}, nil
	}
}

// joined makes the events for a key and for its character one.
func joined(events []*input.DispatchKeyEventParams) []*input.DispatchKeyEventParams {
	var all []*input.DispatchKeyEventParams
	for _, event := range events {
		if event.Type == kb.KeyChar && len(all) > 0 {
			down := all[len(all)-1]
			down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, event.Text, event.UnmodifiedText
			continue
		}
		all = append(all, event)
	}
	return all
}

// insertText gives the focused field a text as an input method does.
func insertText(text string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return chromedp.Void{}, err
	}
}
