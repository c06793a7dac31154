package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

// server serves an edge until it is told to stop.
type server struct {
	http       *http.Server
	drain      func()
	drainDelay time.Duration
	cancel     context.CancelFunc // ends the requests under way
	log        *slog.Logger
}

func newServer(config settings.HTTP, edge edge, log *slog.Logger) *server {
	requests, cancel := context.WithCancel(context.Background())
	return &server{
		http: &http.Server{
			Handler:           edge.Handler,
			ReadHeaderTimeout: config.HeaderTimeout, ReadTimeout: config.ReadTimeout,
			WriteTimeout: config.WriteTimeout, IdleTimeout: config.IdleTimeout,
			MaxHeaderBytes: config.MaxHeaderBytes,
			Protocols:      protocols(), HTTP2: limitsOfHTTP2(config),
			BaseContext: func(net.Listener) context.Context { return requests },
			ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		},
		drain: edge.API.Drain, drainDelay: config.DrainDelay, cancel: cancel, log: log,
	}
}

// protocols are HTTP/1.1, and HTTP/2 for clients that choose it in a TLS handshake.
// Without TLS there is no HTTP/2.
func protocols() *http.Protocols {
	var p http.Protocols
	p.SetHTTP1(true)
	p.SetHTTP2(true)
	return &p
}

// limitsOfHTTP2 bounds what one connection may take. Streams that a client opens and
// resets at once count until their handlers end; net/http closes a connection with
// more than four times as many.
func limitsOfHTTP2(config settings.HTTP) *http.HTTP2Config {
	return &http.HTTP2Config{
		MaxConcurrentStreams: 100,
		// What a client sends ahead of the handlers, in all.
		MaxReceiveBufferPerConnection: 256 << 10, MaxReceiveBufferPerStream: 256 << 10,
		MaxReadFrameSize: 16 << 10,
		// The deadlines of streams have no effect while their connection takes no bytes.
		WriteByteTimeout: min(config.StreamTimeout, config.WriteTimeout),
	}
}

// serve serves requests until ctx ends, then finishes those under way. The error
// says what else ended it, or that requests were cut off.
func (s *server) serve(ctx context.Context, listener net.Listener, databaseEnded <-chan struct{}, limits *shutdown) error {
	defer s.cancel()
	failed := make(chan error, 1)
	var serving sync.WaitGroup
	serving.Go(func() { failed <- s.accept(listener) })
	var cause error
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-databaseEnded:
		cause = errors.New("the PostgreSQL that Roster started has ended; its log is in the data folder")
	case <-ctx.Done():
	}
	err := s.finish(ctx, limits)
	serving.Wait()
	return errors.Join(cause, err)
}

// accept serves until the server is shut down, with TLS if it is configured.
func (s *server) accept(listener net.Listener) error {
	if s.http.TLSConfig != nil {
		return s.http.ServeTLS(listener, "", "")
	}
	return s.http.Serve(listener)
}

// finish stops the server once the requests under way are done, or when their time
// is over.
func (s *server) finish(ctx context.Context, limits *shutdown) error {
	s.drain()
	s.log.InfoContext(ctx, "Roster stops: finishing the requests under way", "cause", context.Cause(ctx))
	deadline, cancel := limits.requests()
	defer cancel()
	select {
	case <-time.After(s.drainDelay):
	case <-deadline.Done():
	}
	if s.http.Shutdown(deadline) == nil {
		return nil
	}
	s.cancel()
	return errors.Join(fmt.Errorf("requests were cut off: %w", context.Cause(deadline)), s.http.Close())
}
