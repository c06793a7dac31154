package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"github.com/roster-directory/roster/adapters/rest/tracecontext"
	"github.com/roster-directory/roster/cmd/roster/logging"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// The components of the log.
const (
	logHTTP     = "http"
	logPostgres = "postgres"
	logMigrate  = "migrate"
	logEmbedded = "embedded"
	logTokens   = "tokens"
	logWebhooks = "webhooks"
)

func newLogger(config settings.Log, stderr io.Writer, environ map[string]string) (*slog.Logger, error) {
	filter, err := logging.ParseFilter(config.Filter, []string{logHTTP, logPostgres, logMigrate, logEmbedded, logTokens, logWebhooks})
	if err != nil {
		return nil, fmt.Errorf("ROSTER_LOG (--log): %w", err)
	}
	logger, err := logging.New(stderr, filter, logging.Options{
		Format: config.Format, Terminal: isTerminal(stderr),
		Color: environ["NO_COLOR"] == "" && environ["TERM"] != "dumb",
	})
	if err != nil {
		return nil, fmt.Errorf("ROSTER_LOG_FORMAT (--log-format): %w", err)
	}
	return slog.New(tracecontext.Log(logger.Handler())), nil
}

// component returns the logger of a part of Roster.
func (s *session) component(name string) *slog.Logger { return s.log.With(logging.Component, name) }

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
