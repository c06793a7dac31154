// Package logging makes the loggers of Roster's command line: JSON for machines,
// lines of text for people, filtered by component.
package logging

import (
	"fmt"
	"io"
	"log/slog"
)

// The formats.
const (
	Auto = "auto" // Text on a terminal, JSON elsewhere
	Text = "text"
	JSON = "json"
)

// Options say how a logger writes.
type Options struct {
	// Format is Auto, Text or JSON.
	Format string
	// Terminal says that people watch; Color that they want colours. Only
	// text on a terminal is coloured.
	Terminal, Color bool
}

// New returns a logger that writes what filter lets through to w, a record in
// one Write. The error is that of an unknown format.
func New(w io.Writer, filter Filter, options Options) (*slog.Logger, error) {
	settings := &slog.HandlerOptions{Level: filter.least(), ReplaceAttr: spellOut}
	switch format := options.Format; {
	case format == JSON || format == Auto && !options.Terminal:
		return slog.New(newFiltered(filter, slog.NewJSONHandler(w, settings))), nil
	case format == Text || format == Auto:
		return slog.New(newFiltered(filter, newText(w, options.Terminal && options.Color))), nil
	default:
		return nil, fmt.Errorf("%q is no format: use auto, text or json", format)
	}
}

// spellOut writes durations as 1.5s, which JSON would show as nanoseconds.
func spellOut(_ []string, attr slog.Attr) slog.Attr {
	if attr.Value.Kind() == slog.KindDuration {
		attr.Value = slog.StringValue(attr.Value.Duration().String())
	}
	return attr
}
