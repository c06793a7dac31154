package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tcpBalancer passes each connection on to a replica that is ready at that moment: it
// asks on the connection that it is about to use, so that no test depends on how often
// it asks. Of the client it sends everything once, to one replica.
type tcpBalancer struct {
	listener net.Listener
	replicas []string // addresses
	turn     atomic.Uint64
	running  sync.WaitGroup
	ended    chan struct{}
}

func newTCPBalancer(t *testing.T, replicas ...string) *tcpBalancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &tcpBalancer{listener: listener, replicas: replicas, ended: make(chan struct{})}
	b.running.Go(b.accept)
	t.Cleanup(func() {
		close(b.ended)
		_ = listener.Close()
		b.running.Wait()
	})
	return b
}

func (b *tcpBalancer) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.running.Go(func() { b.pass(conn) })
	}
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

// pass copies both directions of a connection until both sides end.
func (b *tcpBalancer) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	replica := b.connect()
	if replica == nil {
		return
	}
	defer func() { _ = replica.Close() }()
	var copies sync.WaitGroup
	copies.Go(func() { passOn(replica, client) })
	copies.Go(func() { passOn(client, replica) })
	copies.Wait()
}

func passOn(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.(*net.TCPConn).CloseWrite()
}
