package logging

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

// textHandler writes a record as a line for people: time, level, component,
// message, and attributes as key=value. It quotes line breaks and control
// characters, so that a value can't look like a line of the log.
type textHandler struct {
	mu        *sync.Mutex
	w         io.Writer
	color     bool
	component string
	prefix    string // of the keys: the names of the groups
	attrs     string // the formatted attributes of With
}

func newTextHandler(w io.Writer, color bool) *textHandler {
	return &textHandler{mu: new(sync.Mutex), w: w, color: color}
}

// Enabled implements slog.Handler.
func (h *textHandler) Enabled(context.Context, slog.Level) bool { return true }

// Escape sequences of ANSI terminals.
const (
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

// Handle implements slog.Handler.
func (h *textHandler) Handle(_ context.Context, record slog.Record) error {
	var line strings.Builder
	if !record.Time.IsZero() {
		h.paint(&line, dim, record.Time.Format("15:04:05.000"))
		line.WriteByte(' ')
	}
	h.paint(&line, levelColor(record.Level), record.Level.String())
	line.WriteString(strings.Repeat(" ", max(1, 6-len(record.Level.String()))))
	if h.component != "" {
		h.paint(&line, dim, h.component+": ")
	}
	line.WriteString(printable(record.Message))
	line.WriteString(h.attrs)
	record.Attrs(func(attr slog.Attr) bool {
		h.attribute(&line, h.prefix, attr)
		return true
	})
	line.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, line.String())
	return err
}

// WithAttrs implements slog.Handler.
func (h *textHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clone := *h
	var out strings.Builder
	for _, attr := range attrs {
		if attr.Key == Component && h.prefix == "" {
			clone.component = printable(attr.Value.String())
			continue
		}
		h.attribute(&out, h.prefix, attr)
	}
	clone.attrs += out.String()
	return &clone
}

// WithGroup implements slog.Handler.
func (h *textHandler) WithGroup(name string) slog.Handler {
	clone := *h
	if name != "" {
		clone.prefix += name + "."
	}
	return &clone
}

func (h *textHandler) attribute(line *strings.Builder, prefix string, attr slog.Attr) {
	value := attr.Value.Resolve()
	if attr.Equal(slog.Attr{}) {
		return
	}
	if value.Kind() == slog.KindGroup {
		if attr.Key != "" {
			prefix += attr.Key + "."
		}
		for _, inner := range value.Group() {
			h.attribute(line, prefix, inner)
		}
		return
	}
	line.WriteByte(' ')
	h.paint(line, dim, printable(prefix+attr.Key)+"=")
	line.WriteString(formatValue(value))
}

func (h *textHandler) paint(line *strings.Builder, color, words string) {
	if !h.color || color == "" {
		line.WriteString(words)
		return
	}
	line.WriteString(color + words + plain)
}

func levelColor(level slog.Level) string {
	switch {
	case level >= slog.LevelError:
		return red
	case level >= slog.LevelWarn:
		return yellow
	case level >= slog.LevelInfo:
		return green
	}
	return dim
}

func formatValue(value slog.Value) string {
	words := value.String()
	if value.Kind() == slog.KindTime {
		words = value.Time().Format(time.RFC3339Nano)
	}
	if words == "" || strings.ContainsAny(words, " \"=") {
		return strconv.Quote(words)
	}
	return printable(words)
}

// printable quotes a text with characters that would break the line or control the
// terminal.
func printable(words string) string {
	if strings.IndexFunc(words, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return words
	}
	return strconv.Quote(words)
}
