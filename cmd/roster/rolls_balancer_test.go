package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// tcpBalancer passes each connection on to a replica that is ready at that moment: it
// asks on the connection that it is about to use, so that no test depends on how often
// it asks. Of the client it sends everything once, to one replica.
type tcpBalancer struct {
	replicas []string // addresses
	turn     atomic.Uint64
	ended    <-chan struct{}
}

// startTCPBalancer returns the address of a balancer.
func startTCPBalancer(t *testing.T, replicas ...string) (address string) {
	t.Helper()
	b := &tcpBalancer{replicas: replicas, ended: t.Context().Done()}
	return forward(t, b.connect)
}

// connect returns a connection to a replica that has just said on it that it is ready;
// nil if the test ends before.
func (b *tcpBalancer) connect() net.Conn {
	for {
		address := b.replicas[b.turn.Add(1)%uint64(len(b.replicas))]
		if conn, err := net.Dial("tcp", address); err == nil {
			if isReady(conn) {
				return conn
			}
			_ = conn.Close()
		}
		select {
		case <-b.ended:
			return nil
		case <-time.After(time.Millisecond):
		}
	}
}

// isReady asks a replica on a connection, which the next request may use.
func isReady(conn net.Conn) bool {
	if _, err := io.WriteString(conn, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		return false
	}
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, got.Body)
	return err == nil && got.StatusCode == http.StatusOK && !got.Close
}
