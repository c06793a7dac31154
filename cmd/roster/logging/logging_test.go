package logging

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTheFormatIsTextOnTerminalsAndJSONElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		options Options
		json    bool
	}{
		"auto into a file":       {Options{Format: Auto, Color: true}, true},
		"auto on a terminal":     {Options{Format: Auto, Terminal: true}, false},
		"text into a file":       {Options{Format: Text, Color: true}, false},
		"JSON even on terminals": {Options{Format: JSON, Terminal: true, Color: true}, true},
	} {
		var out bytes.Buffer
		newLogger(t, &out, "info", c.options).Info("hello")
		if got := json.Valid(out.Bytes()); got != c.json {
			t.Errorf("%s: JSON is %v: %s", name, got, &out)
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("%s is coloured: %q", name, out.String())
		}
	}
	if _, err := New(io.Discard, Filter{}, Options{Format: "xml"}); err == nil || !strings.Contains(err.Error(), "use auto, text or json") {
		t.Errorf("an unknown format: %v", err)
	}
}

func TestOnlyTextOnATerminalIsColoured(t *testing.T) {
	var out bytes.Buffer
	logger := newLogger(t, &out, "debug", Options{Format: Auto, Terminal: true, Color: true})
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		logger.Log(context.Background(), level, "hello")
	}
	for _, color := range []string{dim, green, yellow, red} {
		if !strings.Contains(out.String(), color) {
			t.Errorf("%q is missing in %q", color, out.String())
		}
	}
}

func TestALineOfTextShowsTheRecord(t *testing.T) {
	moment := time.Date(2026, 2, 1, 12, 30, 0, 0, time.UTC)
	for want, log := range map[string]func(*slog.Logger){
		"INFO  hello\n":           func(l *slog.Logger) { l.Info("hello") },
		"WARN  postgres: hello\n": func(l *slog.Logger) { l.With(Component, "postgres").Warn("hello") },
		"INFO  hello n=3 took=1.5s ok=true\n": func(l *slog.Logger) {
			l.Info("hello", "n", 3, "took", 1500*time.Millisecond, "ok", true)
		},
		"INFO  hello a=1 b=2\n": func(l *slog.Logger) { l.With("a", 1).Info("hello", "b", 2) },
		"INFO  hello g.a=1 g.h.b=2 g.h.c=3\n": func(l *slog.Logger) {
			l.WithGroup("g").With("a", 1).WithGroup("h").Info("hello", "b", 2, "c", 3)
		},
		"INFO  hello g.a=1 b=2\n":                  func(l *slog.Logger) { l.Info("hello", slog.Group("g", "a", 1), slog.Group("", "b", 2)) },
		"INFO  hello at=2026-02-01T12:30:00Z\n":    func(l *slog.Logger) { l.Info("hello", "at", moment) },
		"ERROR hello error=\"it broke\"\n":         func(l *slog.Logger) { l.Error("hello", "error", errors.New("it broke")) },
		"INFO  hello empty=\"\" quote=\"a\\\"\"\n": func(l *slog.Logger) { l.Info("hello", "empty", "", "quote", `a"`) },
		"INFO  hello\n#":                           func(l *slog.Logger) { l.WithGroup("").Info("hello", slog.Attr{}) },
	} {
		var out bytes.Buffer
		log(newLogger(t, &out, "info", Options{Format: Text}))
		_, line, _ := strings.Cut(out.String(), " ") // the time
		if want = strings.TrimSuffix(want, "#"); line != want {
			t.Errorf("the line is %q, not %q", line, want)
		}
	}
}

func TestAValueCantLookLikeALineOfTheLog(t *testing.T) {
	for _, trick := range []string{"a\n12:00:00.000 ERROR forged", "a\x1b[2J", "a\u202eb"} {
		var out bytes.Buffer
		logger := newLogger(t, &out, "info", Options{Format: Text})
		logger.With(Component, trick).Info(trick, trick, trick)
		if text := out.String(); strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("the log is %q", text)
		}
	}
}

func TestJSONHasDurationsWithTheirUnit(t *testing.T) {
	var out bytes.Buffer
	newLogger(t, &out, "info", Options{Format: JSON}).Info("hello", "took", 1500*time.Millisecond)
	if !strings.Contains(out.String(), `"took":"1.5s"`) {
		t.Errorf("got %s", &out)
	}
}

// lines keeps each write. Concurrent writes are a data race.
type lines struct{ all []string }

func (l *lines) Write(p []byte) (int, error) {
	l.all = append(l.all, string(p))
	return len(p), nil
}

func TestARecordIsOneWriteOfOneGoroutine(t *testing.T) {
	var out lines
	logger, err := New(&out, Filter{}, Options{Format: Text})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { logger.With("a", 1).Info("hello", "b", 2) })
	}
	all.Wait()
	if len(out.all) != 20 || !strings.HasSuffix(out.all[0], "INFO  hello a=1 b=2\n") {
		t.Errorf("%d writes: %q", len(out.all), out.all)
	}
}
