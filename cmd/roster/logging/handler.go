package logging

import (
	"context"
	"log/slog"
)

// Component is the key of the attribute that names the part of Roster that
// logs; a Filter goes by it. It counts where it is given to a logger outside of
// groups, as in logger.With(Component, "postgres").
const Component = "component"

// filtered leaves out what a Filter leaves out.
type filtered struct {
	next    slog.Handler
	filter  Filter
	level   slog.Level
	grouped bool
}

func newFiltered(filter Filter, next slog.Handler) *filtered {
	return &filtered{next: next, filter: filter, level: filter.general}
}

// Enabled implements slog.Handler.
func (h *filtered) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle implements slog.Handler.
func (h *filtered) Handle(ctx context.Context, record slog.Record) error {
	return h.next.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h *filtered) WithAttrs(attrs []slog.Attr) slog.Handler {
	made := *h
	made.next = h.next.WithAttrs(attrs)
	for _, attr := range attrs {
		if attr.Key == Component && !h.grouped {
			made.level = h.filter.level(attr.Value.String())
		}
	}
	return &made
}

// WithGroup implements slog.Handler.
func (h *filtered) WithGroup(name string) slog.Handler {
	made := *h
	made.next = h.next.WithGroup(name)
	made.grouped = h.grouped || name != ""
	return &made
}
