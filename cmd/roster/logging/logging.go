// Package logging makes the loggers of the roster command: JSON for machines, lines
// of text for people, and a minimum level for each component.
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

// Options are the options of a logger.
type Options struct {
	// Format is Auto, Text or JSON.
	Format string
	// Terminal is whether the output is a terminal, Color whether it may have
	// colours. Only text on a terminal has colours.
	Terminal, Color bool
}

// New returns a logger that writes the records that pass the filter to w, each
// with one Write. The error says that the format is unknown.
func New(w io.Writer, filter Filter, options Options) (*slog.Logger, error) {
	settings := &slog.HandlerOptions{Level: filter.minimum(), ReplaceAttr: formatDuration}
	switch format := options.Format; {
	case format == JSON || format == Auto && !options.Terminal:
		return slog.New(newFilterHandler(filter, slog.NewJSONHandler(w, settings))), nil
	case format == Text || format == Auto:
		return slog.New(newFilterHandler(filter, newTextHandler(w, options.Terminal && options.Color))), nil
	default:
		return nil, fmt.Errorf("unknown format %q: use auto, text or json", format)
	}
}

// formatDuration writes durations as 1.5s. JSON would show nanoseconds.
func formatDuration(_ []string, attr slog.Attr) slog.Attr {
	if attr.Value.Kind() == slog.KindDuration {
		attr.Value = slog.StringValue(attr.Value.Duration().String())
	}
	return attr
}
