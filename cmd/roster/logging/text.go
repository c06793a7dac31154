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

// text writes a record as a line for people: time, level, component, message,
// and attributes as key=value. Line breaks and control characters of a value
// are quoted, so that a value can't pass for a line of the log.
type text struct {
	mu        *sync.Mutex
	w         io.Writer
	color     bool
	component string
	prefix    string // of the keys, from groups
	attrs     string // those given with With, written out
}

func newText(w io.Writer, color bool) *text {
	return &text{mu: new(sync.Mutex), w: w, color: color}
}

// Enabled implements slog.Handler.
func (h *text) Enabled(context.Context, slog.Level) bool { return true }

// The escapes of ANSI terminals.
const (
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

// Handle implements slog.Handler.
func (h *text) Handle(_ context.Context, record slog.Record) error {
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
func (h *text) WithAttrs(attrs []slog.Attr) slog.Handler {
	made := *h
	var out strings.Builder
	for _, attr := range attrs {
		if attr.Key == Component && h.prefix == "" {
			made.component = printable(attr.Value.String())
			continue
		}
		h.attribute(&out, h.prefix, attr)
	}
	made.attrs += out.String()
	return &made
}

// WithGroup implements slog.Handler.
func (h *text) WithGroup(name string) slog.Handler {
	made := *h
	if name != "" {
		made.prefix += name + "."
	}
	return &made
}

func (h *text) attribute(line *strings.Builder, prefix string, attr slog.Attr) {
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
	line.WriteString(written(value))
}

func (h *text) paint(line *strings.Builder, color, words string) {
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

func written(value slog.Value) string {
	words := value.String()
	if value.Kind() == slog.KindTime {
		words = value.Time().Format(time.RFC3339Nano)
	}
	if words == "" || strings.ContainsAny(words, " \"=") {
		return strconv.Quote(words)
	}
	return printable(words)
}

// printable quotes what would break the line or steer the terminal.
func printable(words string) string {
	if strings.IndexFunc(words, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return words
	}
	return strconv.Quote(words)
}
