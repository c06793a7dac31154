package logging

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

var parts = []string{"http", "postgres"}

func TestAFilterIsReadFromText(t *testing.T) {
	for text, want := range map[string]struct{ general, postgres slog.Level }{
		"":                            {slog.LevelInfo, slog.LevelInfo},
		"debug":                       {slog.LevelDebug, slog.LevelDebug},
		"WARN":                        {slog.LevelWarn, slog.LevelWarn},
		"info,postgres=debug":         {slog.LevelInfo, slog.LevelDebug},
		" postgres = debug , error ":  {slog.LevelError, slog.LevelDebug},
		"off,postgres=error":          {off, slog.LevelError},
		"postgres=debug,postgres=off": {slog.LevelInfo, off},
		"debug,,warn,":                {slog.LevelWarn, slog.LevelWarn},
	} {
		filter, err := ParseFilter(text, parts)
		if err != nil || filter.level("http") != want.general || filter.level("postgres") != want.postgres {
			t.Errorf("%q is read as %v, %v", text, filter, err)
		}
	}
}

func TestAnInvalidFilterIsRefusedWithTheFix(t *testing.T) {
	for text, part := range map[string]string{
		"loud":          `unknown level "loud": use off, error, warn, info or debug`,
		"info,http=":    `unknown level "http="`,
		"info,htp=info": `unknown component "htp": use one of http, postgres`,
		"=debug":        `unknown component ""`,
	} {
		if _, err := ParseFilter(text, parts); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: the error is %v, without %q", text, err, part)
		}
	}
}

func TestEachComponentIsLoggedFromItsLevelOn(t *testing.T) {
	for _, format := range []string{JSON, Text} {
		var out bytes.Buffer
		logger := newLogger(t, &out, "warn,postgres=debug,http=off", Options{Format: format})
		logger.Info("general info")
		logger.Warn("general warning")
		postgres := logger.With(Component, "postgres")
		postgres.Debug("pool detail")
		postgres.WithGroup("pool").With("conns", 3).Debug("grouped detail")
		logger.With(Component, "http").Error("http error")
		logger.WithGroup("request").With(Component, "postgres").Info("a request's attribute")
		for words, want := range map[string]bool{
			"general info": false, "general warning": true, "pool detail": true, "grouped detail": true,
			"http error": false, "a request's attribute": false,
		} {
			if got := strings.Contains(out.String(), words); got != want {
				t.Errorf("%s: %q is logged: %v; the log:\n%s", format, words, got, &out)
			}
		}
	}
}

func newLogger(t *testing.T, out *bytes.Buffer, filter string, options Options) *slog.Logger {
	t.Helper()
	parsed, err := ParseFilter(filter, parts)
	if err != nil {
		t.Fatal(err)
	}
	logger, err := New(out, parsed, options)
	if err != nil {
		t.Fatal(err)
	}
	return logger
}
