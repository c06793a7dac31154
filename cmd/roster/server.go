package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

// server serves an edge until it is told to end.
type server struct {
	http       *http.Server
	drain      func()
	drainDelay time.Duration
	abandon    context.CancelFunc // ends the requests under way
	log        *slog.Logger
}

func newServer(config settings.HTTP, edge edge, log *slog.Logger) *server {
	requests, abandon := context.WithCancel(context.Background())
	return &server{
		http: &http.Server{
			Handler:           edge.Handler,
			ReadHeaderTimeout: config.HeaderTimeout, ReadTimeout: config.ReadTimeout,
			WriteTimeout: config.WriteTimeout, IdleTimeout: config.IdleTimeout,
			MaxHeaderBytes: config.MaxHeaderBytes,
			BaseContext:    func(net.Listener) context.Context { return requests },
			ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		},
		drain: edge.API.Drain, drainDelay: config.DrainDelay, abandon: abandon, log: log,
	}
}

// serve answers until ctx ends, then drains. The error says what ended it else,
// or that requests were cut off.
func (s *server) serve(ctx context.Context, listener net.Listener, databaseEnded <-chan struct{}, end *ending) error {
	defer s.abandon()
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(listener) }()
	var cause error
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-databaseEnded:
		cause = errors.New("the PostgreSQL that Roster started has ended; its log is in the data folder")
	case <-ctx.Done():
	}
	err := s.finish(ctx, end)
	<-failed // Serve has returned: its goroutine is done
	return errors.Join(cause, err)
}

// finish ends the server: it lets requests under way finish within their time.
func (s *server) finish(ctx context.Context, end *ending) error {
	s.drain()
	s.log.InfoContext(ctx, "Roster ends: finishing the requests under way", "cause", context.Cause(ctx))
	deadline, cancel := end.draining()
	defer cancel()
	select {
	case <-time.After(s.drainDelay):
	case <-deadline.Done():
	}
	if s.http.Shutdown(deadline) == nil {
		return nil
	}
	s.abandon()
	return errors.Join(fmt.Errorf("requests were cut off: %w", context.Cause(deadline)), s.http.Close())
}
