package main

import (
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tcpBalancer passes connections on to backends that are ready, in turn. It never
// tries another backend for a connection.
type tcpBalancer struct {
	listener net.Listener
	backends []*backend
	turn     atomic.Uint64
	running  sync.WaitGroup
	ended    chan struct{}
}

// backend is the address of a replica.
type backend struct {
	address string
	ready   atomic.Bool
	checks  *http.Client
}

func newTCPBalancer(t *testing.T, addresses ...string) *tcpBalancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &tcpBalancer{listener: listener, ended: make(chan struct{})}
	for _, address := range addresses {
		each := &backend{address: address, checks: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
		b.backends = append(b.backends, each)
		b.running.Go(func() { b.check(each) })
	}
	b.running.Go(b.accept)
	t.Cleanup(func() {
		close(b.ended)
		_ = listener.Close()
		b.running.Wait()
	})
	return b
}

// check asks a backend again and again whether it is ready.
func (b *tcpBalancer) check(each *backend) {
	for {
		got, err := each.checks.Get("http://" + each.address + "/readyz")
		if err == nil {
			_ = got.Body.Close()
		}
		each.ready.Store(err == nil && got.StatusCode == http.StatusOK)
		select {
		case <-b.ended:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
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

// next returns the backend of a new connection, nil if none is ready.
func (b *tcpBalancer) next() *backend {
	for range b.backends {
		each := b.backends[b.turn.Add(1)%uint64(len(b.backends))]
		if each.ready.Load() {
			return each
		}
	}
	return nil
}

// pass copies both directions of a connection until either side ends.
func (b *tcpBalancer) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	to := b.next()
	if to == nil {
		return
	}
	server, err := net.Dial("tcp", to.address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var copies sync.WaitGroup
	copies.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.(*net.TCPConn).CloseWrite()
	})
	copies.Go(func() {
		_, _ = io.Copy(client, server)
		_ = client.(*net.TCPConn).CloseWrite()
	})
	copies.Wait()
}
