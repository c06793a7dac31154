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

// handler adds the span of its context to each record.
type handler struct{ slog.Handler }

// Log returns a handler that adds the attributes trace_id and span_id to each
// record whose context has a span, and passes the record to next. It returns a
// handler that does so already as it is. Inside a group of the logger, the
// attributes belong to the group.
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
	return h.Handler.Handle(ctx, record)
}

// has reports whether another handler added the attributes already.
func has(record slog.Record) bool {
	found := false
	record.Attrs(func(a slog.Attr) bool {
		found = a.Key == traceKey
		return !found
	})
	return found
}

// WithAttrs keeps adding the attributes of the span.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup opens a group.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
