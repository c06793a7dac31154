// Package drain ends an HTTP server without losing a request. Shutdown of net/http
// closes idle connections at once, also those on which a client is sending a request
// (golang/go#23829). So Shutdown is the last step here:
//
//  1. Each response says "Connection: close", and new connections are accepted until
//     balancers have noticed.
//  2. Listener stops: connections that wait in its queue are accepted, no others.
//  3. Connections lingers: a connection is closed after some time without a request.
//  4. Shutdown finds no connection, or idle ones of HTTP/2, to which it sends GOAWAY.
package drain

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Connections are the connections of a server, whose ConnState is Changed.
type Connections struct {
	known     sync.Map // of net.Conn to *connection
	began     time.Time
	lingering atomic.Bool
	changed   chan struct{} // has a value after a change while lingering
}

// connection is the state of a connection, and the time since the server began at
// which it got that state.
type connection struct{ state, at atomic.Int64 }

// New returns the connections of a server that has none yet.
func New() *Connections { return &Connections{began: time.Now(), changed: make(chan struct{}, 1)} }

// Changed is told each change of a connection.
func (c *Connections) Changed(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.known.Store(conn, new(connection))
		c.set(conn, state)
	case http.StateActive, http.StateIdle:
		c.set(conn, state)
	case http.StateClosed, http.StateHijacked:
		c.known.Delete(conn)
	}
	if c.lingering.Load() {
		select {
		case c.changed <- struct{}{}:
		default:
		}
	}
}

func (c *Connections) set(conn net.Conn, state http.ConnState) {
	if found, ok := c.known.Load(conn); ok {
		found.(*connection).at.Store(int64(time.Since(c.began)))
		found.(*connection).state.Store(int64(state))
	}
}

// Linger closes each connection that has no request for some time, until none is left
// or ctx ends. Idle connections of HTTP/2 are left to Shutdown.
func (c *Connections) Linger(ctx context.Context, linger time.Duration) {
	c.lingering.Store(true)
	for {
		wait, left := c.closeIdle(linger)
		if left == 0 {
			return
		}
		select {
		case <-c.changed:
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// closeIdle closes the connections that have had no request for some time. It returns
// how many are left that may bring one, and when the next of them is due.
func (c *Connections) closeIdle(linger time.Duration) (wait time.Duration, left int) {
	wait = time.Hour
	now := time.Since(c.began)
	c.known.Range(func(key, value any) bool {
		conn, found := key.(net.Conn), value.(*connection)
		state := http.ConnState(found.state.Load())
		idle := now - time.Duration(found.at.Load())
		switch {
		case state == http.StateActive:
			left++
		case idle < linger:
			left++
			wait = min(wait, linger-idle)
		case state == http.StateNew || !isHTTP2(conn):
			left++ // until the server has noticed
			_ = conn.Close()
		}
		return true
	})
	return wait, left
}

// isHTTP2 must not be asked of a new connection: it waits for the end of the handshake.
func isHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// HaveRequest reports whether a connection has a request.
func (c *Connections) HaveRequest() (found bool) {
	c.known.Range(func(_, value any) bool {
		found = http.ConnState(value.(*connection).state.Load()) == http.StateActive
		return !found
	})
	return found
}
