package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/roster-directory/roster/cmd/roster/drain"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/cmd/roster/systemd"
)

// server serves an edge until it is told to stop.
type server struct {
	http        *http.Server
	connections *drain.Connections
	api         drainable
	// delay is how long the server accepts connections while it drains, and linger how
	// long it keeps a connection without a request then.
	delay, linger time.Duration
	// alwaysDelay is whether the delay is for a server that nobody has asked for
	// /readyz, too.
	alwaysDelay bool
	notify      func(state string)
	cancel      context.CancelFunc // ends the requests under way
	log         *slog.Logger
}

// drainable is the part of rest.API that a drain needs.
type drainable interface {
	Drain()
	IsChecked() bool
}

// listener is a listener that can be stopped.
type listener interface {
	net.Listener
	// Stop ends Accept once the connections in the queue are accepted.
	Stop()
}

func newServer(config settings.HTTP, edge edge, log *slog.Logger) *server {
	requests, cancel := context.WithCancel(context.Background())
	connections := drain.New()
	return &server{
		http: &http.Server{
			Handler:           edge.Handler,
			ReadHeaderTimeout: config.HeaderTimeout, ReadTimeout: config.ReadTimeout,
			WriteTimeout: config.WriteTimeout, IdleTimeout: config.IdleTimeout,
			MaxHeaderBytes: config.MaxHeaderBytes,
			Protocols:      protocols(), HTTP2: limitsOfHTTP2(config),
			BaseContext: func(net.Listener) context.Context { return requests },
			ConnState:   connections.Changed,
			ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		},
		connections: connections, api: edge.API, delay: config.DrainDelay, linger: config.Linger,
		notify: func(string) {}, cancel: cancel, log: log,
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
func (s *server) serve(ctx context.Context, listener listener, databaseEnded <-chan struct{}, limits *shutdown) error {
	defer s.cancel()
	failed := make(chan error, 1)
	go func() { failed <- s.accept(listener) }()
	var cause error
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-databaseEnded:
		cause = errors.New("the PostgreSQL that Roster started has ended; its log is in the data folder")
	case <-ctx.Done():
	}
	return errors.Join(cause, s.finish(ctx, limits, func() {
		listener.Stop()
		if err := <-failed; !errors.Is(err, net.ErrClosed) {
			s.log.WarnContext(ctx, "Accepting connections failed at the end", "error", err)
		}
	}))
}

// accept serves until the listener is stopped, with TLS if it is configured.
func (s *server) accept(listener net.Listener) error {
	if s.http.TLSConfig != nil {
		return s.http.ServeTLS(listener, "", "")
	}
	return s.http.Serve(listener)
}

// finish stops the server once the requests under way are done, or when their time
// is over. Package drain explains the steps.
func (s *server) finish(ctx context.Context, limits *shutdown, stopAccepting func()) error {
	s.notify(systemd.Stopping)
	s.api.Drain()
	delay, linger := s.drainTimes(ctx)
	s.log.InfoContext(ctx, "Roster stops: finishing the requests under way", "cause", context.Cause(ctx),
		"delay", delay.String(), "linger", linger.String())
	deadline, cancel := limits.requests()
	defer cancel()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-deadline.Done():
		}
	}
	stopAccepting()
	s.connections.Linger(deadline, linger)
	if s.http.Shutdown(deadline) == nil {
		return nil
	}
	cutOff := s.connections.HaveRequest()
	s.cancel()
	err := s.http.Close()
	if cutOff {
		err = errors.Join(fmt.Errorf("requests were cut off: %w", context.Cause(deadline)), err)
	}
	return err
}

// drainTimes returns how long to accept connections and to keep idle ones. Both are 0
// after Ctrl+C on a terminal, where somebody waits for the end and nobody for a response.
func (s *server) drainTimes(ctx context.Context) (delay, linger time.Duration) {
	cause, ok := errors.AsType[*signalError](context.Cause(ctx))
	switch {
	case !ok || cause.signal == os.Interrupt:
		return 0, 0
	case s.alwaysDelay || s.api.IsChecked():
		return s.delay, s.linger
	default:
		return 0, s.linger
	}
}
