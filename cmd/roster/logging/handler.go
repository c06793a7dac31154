package logging

import (
	"context"
	"log/slog"
)

// Component is the key of the attribute that names the part of Roster that logs,
// for the Filter. It must be given to a logger, outside of groups, as in
// logger.With(Component, "postgres").
const Component = "component"

// filterHandler drops the records below a Filter's levels.
type filterHandler struct {
	next    slog.Handler
	filter  Filter
	level   slog.Level
	grouped bool
}

func newFilterHandler(filter Filter, next slog.Handler) *filterHandler {
	return &filterHandler{next: next, filter: filter, level: filter.general}
}

// Enabled implements slog.Handler.
func (h *filterHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle implements slog.Handler.
func (h *filterHandler) Handle(ctx context.Context, record slog.Record) error {
	return h.next.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h *filterHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clone := *h
	clone.next = h.next.WithAttrs(attrs)
	for _, attr := range attrs {
		if attr.Key == Component && !h.grouped {
			clone.level = h.filter.level(attr.Value.String())
		}
	}
	return &clone
}

// WithGroup implements slog.Handler.
func (h *filterHandler) WithGroup(name string) slog.Handler {
	clone := *h
	clone.next = h.next.WithGroup(name)
	clone.grouped = h.grouped || name != ""
	return &clone
}
