package tracecontext

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestLinesBearTheirTrace(t *testing.T) {
	var text bytes.Buffer
	handler := Log(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelWarn}))
	logger := slog.New(handler)
	span, _ := Join([]string{"00-" + trace + "-" + parent + "-01"})
	ctx, ids := With(t.Context(), span), "trace_id="+trace+" span_id="+span.ID()
	for name, c := range map[string]struct {
		log  func()
		want string
	}{
		"with a span": {func() { logger.WarnContext(ctx, "slow", "rows", 2) }, "msg=slow rows=2 " + ids},
		"without one": {func() { logger.WarnContext(t.Context(), "slow") }, "msg=slow"},
		"of a part":   {func() { logger.With("component", "x").WarnContext(ctx, "slow") }, "msg=slow component=x " + ids},
		"of a group": {func() { logger.WithGroup("g").WarnContext(ctx, "slow") }, "msg=slow g.trace_id=" + trace +
			" g.span_id=" + span.ID()},
		"that names it already": {func() { logger.WarnContext(ctx, "slow", "trace_id", "mine") }, "msg=slow trace_id=mine"},
		"below the level":       {func() { logger.InfoContext(ctx, "fast") }, ""},
	} {
		text.Reset()
		c.log()
		if _, got, _ := strings.Cut(text.String(), "level=WARN "); strings.TrimSpace(got) != c.want {
			t.Errorf("a line %s is %q, not %q", name, got, c.want)
		}
	}
	if Log(handler) != handler {
		t.Error("a handler is wrapped twice")
	}
}
