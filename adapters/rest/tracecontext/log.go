package tracecontext

import (
	"context"
	"log/slog"
)

// The names of the attributes.
const (
	traceKey = "trace_id"
	spanKey  = "span_id"
)

// handler adds to each record the span of its context.
type handler struct{ slog.Handler }

// Log returns a handler that gives each record whose context carries a span
// the attributes trace_id and span_id, and passes it to next. A handler that
// does so already is returned as it is. Inside a group of the logger, the
// attributes are the group's.
func Log(next slog.Handler) slog.Handler {
	if already, ok := next.(handler); ok {
		return already
	}
	return handler{next}
}

// Handle adds the attributes.
func (h handler) Handle(ctx context.Context, record slog.Record) error {
	if span, ok := From(ctx); ok && !has(record) {
		record = record.Clone()
		record.AddAttrs(slog.String(traceKey, span.trace), slog.String(spanKey, span.id))
	}
	return h.Handler.Handle(ctx, record) //nolint:wrapcheck // it is the next handler's to say
}

// has reports whether another handler like this one came first.
func has(record slog.Record) bool {
	found := false
	record.Attrs(func(a slog.Attr) bool {
		found = a.Key == traceKey
		return !found
	})
	return found
}

// WithAttrs keeps the attributes of the span beside attrs.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup opens a group.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
